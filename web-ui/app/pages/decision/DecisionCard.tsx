// SPDX-License-Identifier: GPL-3.0-or-later
// What was decided of a campaign that is over, and what became of it.
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { toast } from '../../ui/feedback';
import { Badge } from '../../ui/parts';
import type { Campaign } from '../campaigns/campaign';
import { decisionOf, draftOf, nameOf, OUTCOME_TONE } from './decision';
import { DecisionFields } from './DecisionFields';

interface DecisionProps {
    campaign: Campaign;
    onChanged: () => Promise<void>;
}

function EditDialog({ campaign, onChanged, onClose }: DecisionProps & { onClose: () => void }) {
    const [draft, setDraft] = useState(draftOf(campaign.decision));
    const save = async () => {
        const path = `/campaigns/${encodeURIComponent(campaign.key)}`;
        await change('PATCH', path, { decision: decisionOf(draft) });
        toast(t('state.saved'));
        await onChanged();
    };
    return (
        <Confirm
            title={t('decision.title')}
            text={<DecisionFields variants={campaign.variants} draft={draft} onDraft={setDraft} />}
            action={t('action.save')}
            onConfirm={save}
            onClose={onClose}
        />
    );
}

function CampaignLink({ label, campaign }: { label: string; campaign: string }) {
    return (
        <p>
            {label} <Link to={`/app/campaigns/${encodeURIComponent(campaign)}`}>{campaign}</Link>
        </p>
    );
}

export function DecisionCard({ campaign, onChanged }: DecisionProps) {
    const [isOpen, setOpen] = useState(false);
    const may = useMay('editor') && campaign.status === 'stopped';
    const { decision, origin, rollout } = campaign;
    if (campaign.status !== 'stopped' && !decision && !origin) return null;
    const about = campaign.variants.find(({ key }) => key === decision?.variant);
    return (
        <section class="card stack" aria-label={t('decision.title')}>
            <div class="row spread">
                <div class="row">
                    <h2>{t('decision.title')}</h2>
                    {decision && (
                        <Badge tone={OUTCOME_TONE[decision.outcome]}>{t(`decision.${decision.outcome}`)}</Badge>
                    )}
                    {about && <span class="strong">{nameOf(about)}</span>}
                </div>
                {may && (
                    <Button onClick={() => setOpen(true)}>{t(decision ? 'decision.edit' : 'decision.write')}</Button>
                )}
            </div>
            {origin && <CampaignLink label={t('decision.origin')} campaign={origin} />}
            {rollout && <CampaignLink label={t('decision.shipped')} campaign={rollout} />}
            {decision ? (
                <p class={decision.learnings ? 'prose' : 'soft'}>
                    {decision.learnings || t('decision.learnings.none')}
                </p>
            ) : (
                !origin && <p class="soft">{t('decision.none')}</p>
            )}
            {isOpen && <EditDialog campaign={campaign} onChanged={onChanged} onClose={() => setOpen(false)} />}
        </section>
    );
}
