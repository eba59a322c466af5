// SPDX-License-Identifier: GPL-3.0-or-later
// What the changes of a started campaign would do, who keeps a variant in a new phase, and then the doing.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { formatPercent, t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { errorText, toast } from '../../ui/feedback';
import { Collisions, type Collision } from './check/Collisions';
import { patchOf, pick } from './state/document';
import type { Editing, Seed } from './state/editing';

interface Outlook {
    opens_phase: boolean;
    layer_buckets: number;
    moved: number | null;
    collisions: Collision[];
}
type Outlooks = Record<Seed, Outlook>;

const SEEDS: Seed[] = ['keep', 'new'];

/* Who gets something else than before, in sentences. */
function consequences(editing: Editing, outlook: Outlook): string[] {
    const { base, campaign } = editing;
    const out: string[] = [];
    if (outlook.opens_phase) out.push(t('editor.review.phase', { number: base.phase + 1 }), t('editor.review.apart'));
    else out.push(t('editor.review.noPhase', { number: base.phase }));
    if (!outlook.opens_phase && campaign.coverage > base.coverage) out.push(t('editor.review.grows'));
    if (!outlook.opens_phase && campaign.coverage < base.coverage) out.push(t('editor.review.shrinks'));
    if (!outlook.opens_phase && campaign.coverage === base.coverage) out.push(t('editor.review.nobodyMoves'));
    if (outlook.layer_buckets > 0) out.push(t('editor.review.layer', { share: outlook.layer_buckets / 100 }));
    return out;
}

function SeedChoice({ outlooks, seed, onSeed }: { outlooks: Outlooks; seed: Seed; onSeed: (seed: Seed) => void }) {
    const moved = outlooks[seed].moved ?? 0;
    return (
        <fieldset class="kinds">
            <legend class="label">{t('editor.seed.title')}</legend>
            {SEEDS.map((one) => (
                <label key={one} class="kind">
                    <input type="radio" name="seed" checked={seed === one} onChange={() => onSeed(one)} />
                    <span>
                        <span class="strong">{t(`editor.seed.${one}`)}</span>
                        <span class="soft small">{t(`editor.seed.${one}.hint`)}</span>
                    </span>
                </label>
            ))}
            <p role="status">
                {moved === 0
                    ? t('editor.seed.nobody')
                    : t('editor.seed.moved', { share: formatPercent(moved, moved < 0.01 ? 2 : 0) })}
            </p>
        </fieldset>
    );
}

/* What the server says would follow, with either seed. */
function useOutlooks(editing: Editing): { outlooks: Outlooks | null; error: ApiError | null } {
    const [outlooks, setOutlooks] = useState<Outlooks | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    useEffect(() => {
        const patch = patchOf(editing.base, pick(editing.campaign, editing.changed));
        const look = async (seed: Seed) =>
            (await change<Outlook>('PATCH', `${editing.path}?dry_run=true&seed=${seed}`, patch, editing.etag)).body;
        Promise.all([look('keep'), look('new')]).then(
            ([keep, fresh]) => setOutlooks({ keep, new: fresh }),
            (cause: unknown) => setError(cause as ApiError),
        );
    }, []);
    return { outlooks, error };
}

export function Review({ editing, onClose }: { editing: Editing; onClose: () => void }) {
    const { outlooks, error } = useOutlooks(editing);
    const [chosen, setChosen] = useState<Seed | null>(null);
    const seed = chosen ?? (outlooks?.keep.moved === 0 ? 'keep' : 'new');
    const outlook = outlooks?.[seed];
    const apply = async () => {
        onClose();
        if (await editing.save(seed)) toast(t('state.saved'));
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
            {outlooks && outlook?.opens_phase && <SeedChoice outlooks={outlooks} seed={seed} onSeed={setChosen} />}
            {outlook && <Collisions collisions={outlook.collisions} editing={editing} />}
            {error && (
                <p class="note note-bad" role="alert">
                    {isStale ? t('error.stale') : errorText(error)}
                </p>
            )}
        </Dialog>
    );
}
