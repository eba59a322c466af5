// SPDX-License-Identifier: GPL-3.0-or-later
// A link for each variant that shows it on one's own browser, and visitors who always get one. Neither counts.
import { useState } from 'preact/hooks';
import { t } from '../../../lib/i18n';
import { useQuery } from '../../../lib/query';
import { useSession } from '../../../lib/session';
import { Button } from '../../../ui/Button';
import { toast } from '../../../ui/feedback';
import { SelectField, TextField } from '../../../ui/Field';
import { faultAt, type Editing } from '../state/editing';

const STORED = 'mete.qaPage';

/* The address with the preview asked for; null: not an address. */
export function previewLink(page: string, campaign: string, variant: string): string | null {
    try {
        const address = new URL(page);
        if (!/^https?:$/.test(address.protocol)) return null;
        address.searchParams.set('mete_preview', `${campaign}:${variant}`);
        return address.href.replace('%3A', ':');
    } catch {
        return null;
    }
}

function Links({ editing }: { editing: Editing }) {
    const { environment } = useSession();
    const known = useQuery<{ allowed_origins: string[] }>(`/environments/${environment.key}`);
    const [typed, setTyped] = useState<string | null>(localStorage.getItem(STORED));
    const page = typed ?? known.data?.allowed_origins.find((origin) => /^https?:\/\/[^*]+$/.test(origin)) ?? '';
    const { campaign } = editing;
    const isWrong = page !== '' && previewLink(page, 'a', 'b') === null;
    const onPage = (next: string) => {
        localStorage.setItem(STORED, next);
        setTyped(next);
    };
    const copy = async (link: string) => {
        await navigator.clipboard.writeText(link);
        toast(t('action.copied'));
    };
    return (
        <>
            <TextField
                label={t('editor.qa.page')}
                placeholder="https://shop.example/"
                value={page}
                error={isWrong ? t('editor.error.url') : undefined}
                onValue={onPage}
            />
            <ul class="stack-small">
                {campaign.variants.map((variant) => {
                    const link = previewLink(page, campaign.key, variant.key);
                    return (
                        <li class="qa-row" key={variant.key}>
                            <span class="strong">{variant.name || variant.key}</span>
                            {link ? (
                                <a class="mono qa-link" href={link} target="_blank" rel="noreferrer">
                                    {link}
                                </a>
                            ) : (
                                <span class="soft">{t('editor.qa.needsPage')}</span>
                            )}
                            {link && (
                                <Button look="quiet" onClick={() => copy(link)}>
                                    {t('action.copy')}
                                </Button>
                            )}
                        </li>
                    );
                })}
            </ul>
        </>
    );
}

function Forced({ editing }: { editing: Editing }) {
    const { campaign, faults, set, mayEdit } = editing;
    const [visitor, setVisitor] = useState('');
    const [variant, setVariant] = useState('');
    const chosen = variant || campaign.variants[0]?.key || '';
    const add = () => {
        if (!visitor.trim()) return;
        set({ forced: { ...campaign.forced, [visitor.trim()]: chosen } });
        setVisitor('');
    };
    return (
        <fieldset class="stack-small" disabled={!mayEdit}>
            <h3>{t('editor.forced.title')}</h3>
            <p class="small soft">{t('editor.forced.text')}</p>
            {Object.entries(campaign.forced).map(([id, key]) => (
                <div class="qa-row" key={id}>
                    <span class="mono">{id}</span>
                    <span>{campaign.variants.find((one) => one.key === key)?.name || key}</span>
                    <Button
                        look="quiet"
                        aria-label={t('editor.forced.remove', { id })}
                        onClick={() =>
                            set({
                                forced: Object.fromEntries(
                                    Object.entries(campaign.forced).filter(([one]) => one !== id),
                                ),
                            })
                        }
                    >
                        ×
                    </Button>
                </div>
            ))}
            <div class="columns">
                <TextField
                    label={t('editor.forced.visitor')}
                    value={visitor}
                    error={faultAt(faults, '/forced', true)}
                    onValue={setVisitor}
                />
                <SelectField
                    label={t('editor.forced.variant')}
                    value={chosen}
                    options={campaign.variants.map(({ key, name }) => ({ value: key, label: name || key }))}
                    onValue={setVariant}
                />
            </div>
            <div>
                <Button onClick={add}>{t('editor.forced.add')}</Button>
            </div>
        </fieldset>
    );
}

export function Qa({ editing }: { editing: Editing }) {
    if (editing.campaign.variants.length === 0) return null;
    return (
        <div class="card stack">
            <h2>{t('editor.qa.title')}</h2>
            <p class="soft">{t(editing.base.status === 'running' ? 'editor.qa.text' : 'editor.qa.text.notRunning')}</p>
            <Links editing={editing} />
            <Forced editing={editing} />
        </div>
    );
}
