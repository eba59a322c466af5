// SPDX-License-Identifier: GPL-3.0-or-later
// A goal without leaving the campaign: a page that is seen, something that is clicked, a form that is sent, or one of
// the events that came lately.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../../lib/api';
import { formatNumber, t } from '../../../lib/i18n';
import { useQuery } from '../../../lib/query';
import { useSession } from '../../../lib/session';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { ErrorNote } from '../../../ui/feedback';
import { SelectField, TextField } from '../../../ui/Field';
import { keyOf } from '../state/keyOf';
import type { Picked } from '../../picked/waiting';
import { PointAt } from './PointAt';

const SORTS = ['page', 'click', 'form', 'event'] as const;
type Sort = (typeof SORTS)[number];

interface Sent {
    names: { name: string; event_count: number }[];
}

interface Wish {
    sort: Sort;
    name: string;
    what: string; // path, selector or name of an event
}

const NAME_LETTERS = 50; // so that the key has room for what is counted

/* The path of what may be a whole address. */
function pathOf(text: string): string {
    const path = text
        .trim()
        .replace(/^https?:\/\/[^/]*/, '')
        .replace(/[?#].*$/, '');
    return path.startsWith('/') ? path : `/${path}`;
}

/* Makes what the goal counts, and the metric. */
async function make({ sort, name, what }: Wish, environment: string): Promise<string> {
    const key = keyOf(name).slice(0, NAME_LETTERS);
    const event = sort === 'page' ? 'page_view' : sort === 'event' ? what : `${sort}_${key}`;
    if (sort === 'click' || sort === 'form')
        await change('POST', `/environments/${encodeURIComponent(environment)}/track`, {
            on: sort === 'click' ? 'click' : 'submit',
            selector: what.trim(),
            name: event,
        });
    const filter = sort === 'page' ? { path: pathOf(what) } : null;
    await change('POST', '/metrics', { key, name: name.trim(), kind: 'conversion', event, filter });
    return key;
}

function What({ wish, error, onWhat }: { wish: Wish; error: string | undefined; onWhat: (what: string) => void }) {
    const sent = useQuery<Sent>(wish.sort === 'event' ? '/data-quality?days=7' : null);
    if (wish.sort !== 'event')
        return (
            <TextField
                label={t(`editor.goal.${wish.sort}.what`)}
                hint={t(`editor.goal.${wish.sort}.hint`)}
                value={wish.what}
                error={error}
                onValue={onWhat}
            />
        );
    const names = sent.data?.names.filter(({ name }) => name !== 'exposure') ?? [];
    return (
        <SelectField
            label={t('editor.goal.event.what')}
            hint={t(sent.data && names.length === 0 ? 'editor.goal.event.none' : 'editor.goal.event.hint')}
            value={wish.what}
            error={error}
            options={[
                { value: '', label: t('editor.goal.event.choose') },
                ...names.map(({ name, event_count }) => ({
                    value: name,
                    label: t('editor.goal.event.seen', { name, events: formatNumber(event_count) }),
                })),
            ]}
            onValue={onWhat}
        />
    );
}

interface NewGoalProps {
    path: string; // of the campaign
    begin: Picked | null; // what was pointed at already
    onClose: () => void;
    onMade: (key: string) => Promise<void>;
}

export function NewGoal({ path, begin, onClose, onMade }: NewGoalProps) {
    const { environment } = useSession();
    const [wish, setWish] = useState<Wish>({ sort: 'page', what: '', ...begin, name: '' });
    const [ownName, setOwnName] = useState(false);
    const [lacks, setLacks] = useState(false);
    const [error, setError] = useState<ApiError | null>(null);
    const proposed = wish.what.trim() ? t(`editor.goal.${wish.sort}.name`, { what: wish.what.trim() }) : '';
    const full = ownName ? wish : { ...wish, name: proposed };
    const create = async () => {
        const isLacking = full.what.trim() === '' || keyOf(full.name) === '';
        setLacks(isLacking);
        setError(null);
        if (isLacking) return;
        try {
            await onMade(await make(full, environment.key));
            onClose();
        } catch (cause) {
            setError(cause as ApiError);
        }
    };
    const lack = (text: string) => (lacks && text.trim() === '' ? t('error.required') : undefined);
    const atWhat = error && /^\/(selector|filter|event)/.test(error.pointer) ? error.message : undefined;
    const atName = error && /^\/(key|name)/.test(error.pointer) ? error.message : undefined;
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" onClick={create}>
                {t('action.create')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('editor.goal.new')} onClose={onClose} actions={actions}>
            <PointAt path={path} onPicked={(picked) => setWish((now) => ({ ...now, ...picked }))} />
            <SelectField
                label={t('editor.goal.sort')}
                value={wish.sort}
                options={SORTS.map((value) => ({ value, label: t(`editor.goal.${value}`) }))}
                onValue={(sort) => setWish({ ...wish, sort: sort as Sort, what: '' })}
            />
            <What
                wish={wish}
                error={lack(full.what) ?? atWhat}
                onWhat={(what) => setWish((now) => ({ ...now, what }))}
            />
            <TextField
                label={t('editor.name')}
                value={full.name}
                error={lack(full.name) ?? atName}
                onValue={(name) => {
                    setOwnName(true);
                    setWish({ ...wish, name });
                }}
            />
            {error && !atWhat && !atName && <ErrorNote error={error} />}
        </Dialog>
    );
}
