// SPDX-License-Identifier: GPL-3.0-or-later
// Signed links that show a variant as it stands, draft or not, on any device.
import { useState } from 'preact/hooks';
import { change } from '../../../lib/api';
import { formatDate, t } from '../../../lib/i18n';
import { useMay } from '../../../lib/session';
import { Button } from '../../../ui/Button';
import { Confirm } from '../../../ui/Dialog';
import { ErrorNote, toast } from '../../../ui/feedback';
import { TextField } from '../../../ui/Field';
import type { Editing } from '../state/editing';
import { previewLink, useSitePage } from '../state/sitePage';

interface Made {
    expires_at: string;
    links: { variant: string; name: string; token: string }[];
}

function LinkRow({ name, link }: { name: string; link: string }) {
    const copy = async () => {
        await navigator.clipboard.writeText(link);
        toast(t('action.copied'));
    };
    return (
        <li class="qa-row">
            <span class="strong">{name}</span>
            <a class="qa-link" href={link} target="_blank" rel="noreferrer">
                {t('editor.preview.open', { name })}
            </a>
            <Button look="quiet" aria-label={t('editor.preview.copy', { name })} onClick={copy}>
                {t('action.copy')}
            </Button>
        </li>
    );
}

function Links({ made, page, onRevoke }: { made: Made; page: string; onRevoke: () => Promise<void> }) {
    const [isAsked, setAsked] = useState(false);
    return (
        <>
            <ul class="stack-small">
                {made.links.map(({ variant, name, token }) => (
                    <LinkRow key={variant} name={name} link={previewLink(page, token) ?? ''} />
                ))}
            </ul>
            <p class="small soft">{t('editor.preview.until', { time: formatDate(made.expires_at, 'time') })}</p>
            <div>
                <Button look="quiet" onClick={() => setAsked(true)}>
                    {t('editor.preview.revoke')}
                </Button>
            </div>
            {isAsked && (
                <Confirm
                    title={t('editor.preview.revoke')}
                    text={t('editor.preview.revoke.text')}
                    action={t('editor.preview.revoke.do')}
                    isDangerous
                    onConfirm={onRevoke}
                    onClose={() => setAsked(false)}
                />
            )}
        </>
    );
}

export function Preview({ editing }: { editing: Editing }) {
    const mayMake = useMay('editor');
    const [page, onPage] = useSitePage();
    const [made, setMade] = useState<Made | null>(null);
    const [error, setError] = useState<unknown>(null);
    const isRight = previewLink(page, 'x') !== null;
    const variants = editing.base.variants.map(({ key }) => key).join();
    const links = made?.links.map(({ variant }) => variant).join() === variants ? made : null;
    const make = async () => {
        setError(null);
        if (editing.changed.length > 0 && !editing.isLive) await editing.save();
        try {
            setMade((await change<Made>('POST', `${editing.path}/previews`, {})).body);
        } catch (cause) {
            setError(cause);
        }
    };
    const revoke = async () => {
        await change('POST', `${editing.path}/revoke_previews`, {});
        setMade(null);
        toast(t('editor.preview.revoked'));
    };
    if (!mayMake) return <p class="soft">{t('editor.preview.editors')}</p>;
    return (
        <>
            <TextField
                label={t('editor.qa.page')}
                placeholder="https://shop.example/"
                value={page}
                error={page !== '' && !isRight ? t('editor.error.url') : undefined}
                onValue={onPage}
            />
            {!isRight && <p class="soft">{t('editor.qa.needsPage')}</p>}
            {isRight && !links && (
                <div>
                    <Button onClick={make}>{t('editor.preview.make')}</Button>
                </div>
            )}
            {isRight && links && <Links made={links} page={page} onRevoke={revoke} />}
            {editing.isLive && editing.changed.length > 0 && <p class="note">{t('editor.preview.staged')}</p>}
            {error !== null && <ErrorNote error={error} />}
        </>
    );
}
