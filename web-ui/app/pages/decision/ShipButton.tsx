// SPDX-License-Identifier: GPL-3.0-or-later
// The winner to everybody: one click asks, one does it, and between them stands what will happen.
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { formatPercent, t } from '../../lib/i18n';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { toast } from '../../ui/feedback';
import { AreaField } from '../../ui/Field';
import type { Campaign } from '../campaigns/campaign';
import { nameOf } from './decision';

interface ShipProps {
    campaign: Campaign;
    variantKey: string;
    onShipped: () => Promise<void>;
}

export const canShip = (campaign: Campaign): boolean =>
    campaign.kind === 'experiment' &&
    campaign.import === null &&
    campaign.rollout === null &&
    ['running', 'paused', 'stopped'].includes(campaign.status);

function consequences(campaign: Campaign, variant: string): string[] {
    const name = campaign.name || campaign.key;
    return [
        t(campaign.status === 'stopped' ? 'ship.stopped' : 'ship.stops', { name }),
        t('ship.rollout', { variant }),
        ...(campaign.coverage < 1 ? [t('ship.grows', { share: formatPercent(campaign.coverage, 0) })] : []),
        t('ship.back'),
    ];
}

export function ShipButton({ campaign, variantKey, onShipped }: ShipProps) {
    const may = useMay('publisher');
    const [isAsking, setAsking] = useState(false);
    const [learnings, setLearnings] = useState('');
    const found = campaign.variants.find(({ key }) => key === variantKey);
    if (!may || !found || found.is_control || !canShip(campaign)) return null;
    const variant = nameOf(found);
    const ask = () => {
        setLearnings(campaign.decision?.learnings ?? '');
        setAsking(true);
    };
    const ship = async () => {
        await change('POST', `/campaigns/${encodeURIComponent(campaign.key)}/ship`, { variant: variantKey, learnings });
        toast(t('ship.done', { variant }));
        await onShipped();
    };
    const text = (
        <div class="stack">
            <ul class="bullets">
                {consequences(campaign, variant).map((line) => (
                    <li key={line}>{line}</li>
                ))}
            </ul>
            <AreaField label={t('decision.learnings')} value={learnings} rows={3} onValue={setLearnings} />
        </div>
    );
    return (
        <>
            <Button look="primary" onClick={ask}>
                {t('ship.button')}
            </Button>
            {isAsking && (
                <Confirm
                    title={t('ship.title', { variant })}
                    text={text}
                    action={t('ship.action', { variant })}
                    onConfirm={ship}
                    onClose={() => setAsking(false)}
                />
            )}
        </>
    );
}
