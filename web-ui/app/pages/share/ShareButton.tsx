// SPDX-License-Identifier: GPL-3.0-or-later
// Links that show these results to somebody who cannot sign in: made, seen once, and revoked.
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { formatDate, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/Button';
import { CopyText } from '../../ui/CopyText';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/feedback';
import { SelectField, TextField } from '../../ui/Field';

interface Share {
    id: number;
    name: string;
    campaign: string;
    hint: string;
    is_open: boolean;
    expires_at: string;
    token?: string;
}

const DAYS = [7, 30, 90];

const urlOf = (token: string): string => `${location.origin}/shared/${token}`;

function OpenShares({ shares, onRevoke }: { shares: Share[]; onRevoke: (id: number) => Promise<void> }) {
    if (shares.length === 0) return <p class="soft">{t('share.none')}</p>;
    return (
        <ul class="stack-small">
            {shares.map(({ id, name, hint, expires_at: end }) => (
                <li key={id} class="row spread">
                    <span>
                        {name || `…${hint}`}{' '}
                        <span class="small soft">{t('share.until', { date: formatDate(end) })}</span>
                    </span>
                    <Button look="danger" onClick={() => onRevoke(id)}>
                        {t('share.revoke')}
                    </Button>
                </li>
            ))}
        </ul>
    );
}

function ShareDialog({ campaign, onClose }: { campaign: string; onClose: () => void }) {
    const query = useQuery<{ items: Share[] }>('/shares?limit=500');
    const [name, setName] = useState('');
    const [days, setDays] = useState('30');
    const [made, setMade] = useState<string | null>(null);
    const [error, setError] = useState<unknown>(null);
    const attempt = async (act: () => Promise<void>) => {
        try {
            await act();
            setError(null);
            await query.reload();
        } catch (cause) {
            setError(cause);
        }
    };
    const make = () =>
        attempt(async () => {
            const { body } = await change<Share>('POST', '/shares', { campaign, name, days: Number(days) });
            setMade(urlOf(body.token ?? ''));
        });
    const revoke = (id: number) =>
        attempt(async () => {
            await change('DELETE', `/shares/${id}`);
            setMade(null);
        });
    const open = (query.data?.items ?? []).filter((share) => share.campaign === campaign && share.is_open);
    return (
        <Dialog title={t('share.title')} onClose={onClose}>
            <p>{t('share.text')}</p>
            <TextField label={t('share.name')} value={name} onValue={setName} />
            <SelectField
                label={t('share.days')}
                value={days}
                options={DAYS.map((value) => ({
                    value: String(value),
                    label: t('share.days.count', { count: value }),
                }))}
                onValue={setDays}
            />
            <div>
                <Button look="primary" onClick={make}>
                    {t('share.make')}
                </Button>
            </div>
            {made && (
                <div class="stack-small">
                    <p>{t('share.once')}</p>
                    <CopyText text={made} />
                </div>
            )}
            {error !== null && <ErrorNote error={error} />}
            <h3>{t('share.open')}</h3>
            <OpenShares shares={open} onRevoke={revoke} />
        </Dialog>
    );
}

export function ShareButton({ campaign }: { campaign: string }) {
    const [isOpen, setOpen] = useState(false);
    if (!useMay('publisher')) return null;
    return (
        <>
            <Button look="quiet" onClick={() => setOpen(true)}>
                {t('share.button')}
            </Button>
            {isOpen && <ShareDialog campaign={campaign} onClose={() => setOpen(false)} />}
        </>
    );
}
