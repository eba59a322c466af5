// SPDX-License-Identifier: GPL-3.0-or-later
// What did not count, by reason and event, with the last ones that came.
import { useEffect } from 'preact/hooks';
import { formatAgo, formatDate, formatNumber, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import {
    isOnPurpose,
    reasonText,
    setSeen,
    whyText,
    type Refusal,
    type Refusals,
    type Sample,
} from '../../lib/refusals';
import { Link } from '../../lib/router';
import { saidOrQuoted } from '../../lib/sentences';
import { useSession } from '../../lib/session';
import { Loaded } from '../../ui/feedback';
import { Badge } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import { DayBars } from './DayBars';

const REFRESH_MS = 15_000;

function SampleLine({ sample }: { sample: Sample }) {
    return (
        <li class="event">
            <div class="event-head">
                <time class="soft small" dateTime={sample.received_at}>
                    {formatDate(sample.received_at, 'time')}
                </time>
                {sample.visitor_id && (
                    <Link to={`/app/live?visitor=${encodeURIComponent(sample.visitor_id)}`} class="wrap-anywhere">
                        {sample.visitor_id}
                    </Link>
                )}
            </div>
            <p class="small">{saidOrQuoted(sample.detail)}</p>
            {sample.event && <pre class="code wrap small">{sample.event}</pre>}
        </li>
    );
}

function Samples({ item }: { item: Refusal }) {
    if (item.samples.length === 0)
        return item.name ? (
            <Link to={`/app/live?name=${encodeURIComponent(item.name)}`}>{t('refusals.samples.live')}</Link>
        ) : null;
    return (
        <details>
            <summary>{t('refusals.samples.show')}</summary>
            <ol class="events">
                {item.samples.map((sample) => (
                    <SampleLine key={sample.received_at + sample.event} sample={sample} />
                ))}
            </ol>
        </details>
    );
}

function Reason({ item }: { item: Refusal }) {
    const { environment } = useSession();
    return (
        <div class="refusal-reason">
            <Badge tone={isOnPurpose(item) ? 'plain' : item.is_stored ? 'warn' : 'bad'}>
                {reasonText(item.reason)}
            </Badge>
            <div class="small soft">{whyText(item.reason, environment.currency)}</div>
        </div>
    );
}

const nameOf = (item: Refusal): string => item.name || t('refusals.unnamed');

const columnsOf = (days: string[]): Column<Refusal>[] => [
    {
        key: 'name',
        label: t('refusals.event'),
        isHead: true,
        sortBy: nameOf,
        cell: (item) => <span class={item.name ? 'quality-name' : 'quality-name soft'}>{nameOf(item)}</span>,
    },
    {
        key: 'reason',
        label: t('refusals.reason'),
        sortBy: (item) => reasonText(item.reason),
        cell: (item) => <Reason item={item} />,
    },
    {
        key: 'course',
        label: t('quality.course'),
        cell: (item) => <DayBars name={nameOf(item)} days={days} counts={item.day_counts} />,
    },
    {
        key: 'count',
        label: t('refusals.count'),
        isNumber: true,
        sortBy: (item) => item.event_count,
        cell: (item) => formatNumber(item.event_count),
    },
    {
        key: 'last',
        label: t('refusals.last'),
        sortBy: (item) => item.last_at,
        cell: (item) => (
            <time class="nowrap" dateTime={item.last_at} title={formatDate(item.last_at, 'time')}>
                {formatAgo(item.last_at)}
            </time>
        ),
    },
    { key: 'samples', label: t('refusals.samples'), cell: (item) => <Samples item={item} /> },
];

function List({ refusals }: { refusals: Refusals }) {
    const { environment } = useSession();
    useEffect(() => setSeen(environment.key, refusals), [refusals]);
    if (refusals.items.length === 0) return <p class="soft">{t('refusals.none')}</p>;
    return (
        <Table
            caption={t('refusals.title')}
            columns={columnsOf(refusals.days)}
            rows={refusals.items}
            rowKey={(item) => `${item.reason} ${item.name}`}
        />
    );
}

export function RefusalList({ days }: { days: number }) {
    const query = useQuery<Refusals>(`/refusals?days=${days}`, { every: REFRESH_MS });
    return (
        <section class="card stack" aria-label={t('refusals.title')}>
            <h2>{t('refusals.title')}</h2>
            <p class="soft small">{t('refusals.text')}</p>
            <Loaded query={query}>{(refusals) => <List refusals={refusals} />}</Loaded>
        </section>
    );
}
