// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of a started campaign wait here: what they would do is said before they are done.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { errorText, toast } from '../../ui/feedback';
import { patchOf, pick } from './state/document';
import type { Editing } from './state/editing';

interface Outlook {
    opens_phase: boolean;
    layer_buckets: number;
}

/* Who gets something else than before, in sentences. */
function consequences(editing: Editing, outlook: Outlook): string[] {
    const { base, campaign } = editing;
    const out: string[] = [];
    if (outlook.opens_phase)
        out.push(
            t('editor.review.phase', { number: base.phase + 1 }),
            t('editor.review.moves'),
            t('editor.review.apart'),
        );
    else out.push(t('editor.review.noPhase', { number: base.phase }));
    if (!outlook.opens_phase && campaign.coverage > base.coverage) out.push(t('editor.review.grows'));
    if (!outlook.opens_phase && campaign.coverage < base.coverage) out.push(t('editor.review.shrinks'));
    if (!outlook.opens_phase && campaign.coverage === base.coverage) out.push(t('editor.review.nobodyMoves'));
    if (outlook.layer_buckets > 0) out.push(t('editor.review.layer', { share: outlook.layer_buckets / 100 }));
    return out;
}

function Review({ editing, onClose }: { editing: Editing; onClose: () => void }) {
    const [outlook, setOutlook] = useState<Outlook | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    const [isAsked, setAsked] = useState(false);
    if (!isAsked) {
        setAsked(true);
        change<Outlook>(
            'PATCH',
            `${editing.path}?dry_run=true`,
            patchOf(editing.base, pick(editing.campaign, editing.changed)),
            editing.etag,
        ).then(
            ({ body }) => setOutlook(body),
            (cause: unknown) => setError(cause as ApiError),
        );
    }
    const apply = async () => {
        onClose();
        if (await editing.save()) toast(t('state.saved'));
    };
    const isStale = error?.status === 412;
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" disabled={!outlook && !isStale} onClick={apply}>
                {t(outlook?.opens_phase ? 'editor.review.applyPhase' : 'editor.review.apply')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('editor.review.title')} onClose={onClose} actions={actions}>
            <p>
                {t('editor.review.changed', {
                    list: editing.changed.map((member) => t(`editor.member.${member}`)).join(', '),
                })}
            </p>
            {outlook && (
                <ul class="bullets">
                    {consequences(editing, outlook).map((text) => (
                        <li key={text}>{text}</li>
                    ))}
                </ul>
            )}
            {error && (
                <p class="note note-bad" role="alert">
                    {isStale ? t('error.stale') : errorText(error)}
                </p>
            )}
        </Dialog>
    );
}

export function ChangeBar({ editing }: { editing: Editing }) {
    const [isOpen, setOpen] = useState(false);
    if (editing.changed.length === 0) return null;
    return (
        <div class="change-bar" role="region" aria-label={t('editor.review.bar')}>
            <span>{t('editor.review.waiting', { count: editing.changed.length })}</span>
            <div class="row">
                <Button onClick={editing.discard}>{t('editor.review.discard')}</Button>
                <Button look="primary" onClick={() => setOpen(true)}>
                    {t('editor.review.open')}
                </Button>
            </div>
            {isOpen && <Review editing={editing} onClose={() => setOpen(false)} />}
        </div>
    );
}
