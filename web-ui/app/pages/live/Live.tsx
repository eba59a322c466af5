// SPDX-License-Identifier: GPL-3.0-or-later
// The events as they arrive: what each did, or why it did not count.
import { useState } from 'preact/hooks';
import type { Effect } from '../../lib/effect';
import { formatClock, formatDate, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { reasonText, whyText } from '../../lib/refusals';
import { Link, navigate, usePath, type PageProps } from '../../lib/router';
import { saidOrQuoted } from '../../lib/sentences';
import { useSession } from '../../lib/session';
import { Button } from '../../ui/Button';
import { EffectNote } from '../../ui/EffectNote';
import { Empty, Loaded } from '../../ui/feedback';
import { CheckField, TextField } from '../../ui/Field';
import { Badge, Page } from '../../ui/parts';

const REFRESH_MS = 2000;

interface LiveEvent {
    received_at: string;
    is_refused: boolean;
    event_id: string | null;
    visitor_id: string;
    name: string;
    ts: string | null;
    properties: string;
    effect: Effect | null;
    reason: string | null;
    detail: string | null;
}

interface Asked {
    visitor: string;
    name: string;
    isUncounted: boolean;
}

const askedOf = (search: URLSearchParams): Asked => ({
    visitor: search.get('visitor') ?? '',
    name: search.get('name') ?? '',
    isUncounted: search.get('uncounted') === '1',
});

function queryOf({ visitor, name, isUncounted }: Asked): string {
    const pairs: [string, string][] = [
        ['visitor', visitor.trim()],
        ['name', name.trim()],
        ['uncounted', isUncounted ? '1' : ''],
    ];
    const text = new URLSearchParams(pairs.filter(([, value]) => value)).toString();
    return text && `?${text}`;
}

const show = (asked: Asked): void => navigate(`/app/live${queryOf(asked)}`);

function Filters({ asked }: { asked: Asked }) {
    const [typed, setTyped] = useState(asked);
    const submit = (event: Event) => {
        event.preventDefault();
        show(typed);
    };
    const onUncounted = (isUncounted: boolean) => {
        setTyped({ ...typed, isUncounted });
        show({ ...typed, isUncounted });
    };
    return (
        <form class="card stack" role="search" onSubmit={submit}>
            <div class="live-filters">
                <TextField
                    label={t('live.visitor')}
                    value={typed.visitor}
                    onValue={(visitor) => setTyped({ ...typed, visitor })}
                    autocomplete="off"
                />
                <TextField
                    label={t('live.name')}
                    value={typed.name}
                    onValue={(name) => setTyped({ ...typed, name })}
                    autocomplete="off"
                />
                <Button look="primary" type="submit">
                    {t('live.show')}
                </Button>
            </div>
            <CheckField label={t('live.uncounted')} checked={typed.isUncounted} onValue={onUncounted} />
        </form>
    );
}

function Refused({ event }: { event: LiveEvent }) {
    const { environment } = useSession();
    const reason = event.reason ?? '';
    return (
        <div class="effect small">
            <p class="bad">
                {reasonText(reason)}. {whyText(reason, environment.currency)}
            </p>
            {event.detail && <p class="soft">{saidOrQuoted(event.detail)}</p>}
        </div>
    );
}

function VisitorLinks({ event, asked }: { event: LiveEvent; asked: Asked }) {
    if (!event.visitor_id) return null;
    const id = encodeURIComponent(event.visitor_id);
    return event.visitor_id === asked.visitor ? (
        <Link to={`/app/visitors/${id}`}>{t('live.timeline')}</Link>
    ) : (
        <Link to={`/app/live${queryOf({ ...asked, visitor: event.visitor_id })}`} class="wrap-anywhere">
            {event.visitor_id}
        </Link>
    );
}

function Row({ event, asked }: { event: LiveEvent; asked: Asked }) {
    return (
        <li class="event">
            <div class="event-head">
                <time class="soft small" dateTime={event.received_at} title={formatDate(event.received_at, 'time')}>
                    {formatClock(event.received_at)}
                </time>
                <span class="strong wrap-anywhere">{event.name || t('refusals.unnamed')}</span>
                {event.is_refused && <Badge tone="bad">{t('live.refused')}</Badge>}
                <VisitorLinks event={event} asked={asked} />
            </div>
            {event.effect ? <EffectNote effect={event.effect} /> : <Refused event={event} />}
            {!['', '{}'].includes(event.properties) && (
                <details class="small">
                    <summary>{t('rejected.event')}</summary>
                    <pre class="code wrap">{event.properties}</pre>
                </details>
            )}
        </li>
    );
}

function List({ events, asked }: { events: LiveEvent[]; asked: Asked }) {
    const isFiltered = queryOf(asked) !== '';
    if (events.length === 0)
        return <Empty title={t('live.empty')}>{t(isFiltered ? 'live.empty.filtered' : 'live.empty.text')}</Empty>;
    return (
        <section class="card stack" aria-label={t('live.list')}>
            <h2>{t('live.list')}</h2>
            <ol class="events">
                {events.map((event) => (
                    <Row key={event.event_id ?? event.received_at + event.properties} event={event} asked={asked} />
                ))}
            </ol>
        </section>
    );
}

export default function Live(_: PageProps) {
    const { search } = usePath();
    const asked = askedOf(search);
    const query = useQuery<{ items: LiveEvent[] }>(`/live-events${queryOf(asked)}`, { every: REFRESH_MS });
    return (
        <Page title={t('nav.live')}>
            <p class="soft small">{t('live.text')}</p>
            <Filters key={queryOf(asked)} asked={asked} />
            <Loaded query={query}>{({ items }) => <List events={items} asked={asked} />}</Loaded>
        </Page>
    );
}
