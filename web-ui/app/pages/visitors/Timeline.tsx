// SPDX-License-Identifier: GPL-3.0-or-later
// What the visitor did, the last first.
import { useState } from 'preact/hooks';
import { get } from '../../lib/api';
import { formatDate, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Button } from '../../ui/Button';
import { ErrorNote, Loaded } from '../../ui/feedback';
import { EffectNote } from '../../ui/EffectNote';
import { Badge } from '../../ui/parts';
import { visitorPath, type VisitorEvent } from './visitor';

interface EventPage {
    items: VisitorEvent[];
    next: string | null;
}

const PAGE = 25;

function EventRow({ event }: { event: VisitorEvent }) {
    const hasProperties = Object.keys(event.properties).length > 0;
    const head = (
        <>
            <span class="strong">{event.name}</span>
            {event.is_bot && <Badge tone="warn">{t('visitors.bot')}</Badge>}
            {event.is_staff && <Badge tone="warn">{t('visitors.staff')}</Badge>}
            {event.is_forced && <Badge tone="warn">{t('visitors.forced')}</Badge>}
            <time class="soft small" dateTime={event.ts}>
                {formatDate(event.ts, 'time')}
            </time>
        </>
    );
    return (
        <li class="event">
            {hasProperties ? (
                <details>
                    <summary>
                        <span class="event-head">{head}</span>
                    </summary>
                    <pre class="code" tabIndex={0}>
                        {JSON.stringify(event.properties, null, 2)}
                    </pre>
                </details>
            ) : (
                <div class="event-head">{head}</div>
            )}
            <EffectNote effect={event.effect} />
        </li>
    );
}

function Pages({ visitor, first }: { visitor: string; first: EventPage }) {
    const [later, setLater] = useState<EventPage[]>([]);
    const [error, setError] = useState<unknown>(null);
    const pages = [first, ...later];
    const next = (later[later.length - 1] ?? first).next;
    const more = async () => {
        setError(null);
        try {
            const { body } = await get<EventPage>(`${visitorPath(visitor)}/events?limit=${PAGE}&after=${next}`);
            setLater((old) => [...old, body]);
        } catch (cause) {
            setError(cause);
        }
    };
    return (
        <>
            <ol class="events">
                {pages
                    .flatMap(({ items }) => items)
                    .map((event) => (
                        <EventRow key={event.event_id} event={event} />
                    ))}
            </ol>
            {error !== null && <ErrorNote error={error} />}
            {next && (
                <div>
                    <Button onClick={more}>{t('action.more')}</Button>
                </div>
            )}
        </>
    );
}

export function Timeline({ visitor }: { visitor: string }) {
    const query = useQuery<EventPage>(`${visitorPath(visitor)}/events?limit=${PAGE}`);
    return (
        <section class="card stack" aria-label={t('visitors.timeline')}>
            <h2>{t('visitors.timeline')}</h2>
            <Loaded query={query}>{(first) => <Pages visitor={visitor} first={first} />}</Loaded>
        </section>
    );
}
