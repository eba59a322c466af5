// SPDX-License-Identifier: GPL-3.0-or-later
// What sites sent by name and day, and what it lacks.
import { useState } from 'preact/hooks';
import { formatAgo, formatDate, formatNumber, formatPercent, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Empty, Loaded } from '../../ui/feedback';
import { Badge, Facts, Page, Segmented } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import { DayBars } from './DayBars';
import { isOddShare, rowsOf, type Quality, type Row } from './quality';
import { RefusalList } from './RefusalList';

const REFRESH_MS = 30_000;
const CHOICES = [7, 14, 30, 90];

const nameOf = (row: Row): string => row.name ?? t('quality.other');
const perDay = (row: Row): number => row.event_count / row.day_counts.length;
const formatRate = (rate: number): string => formatNumber(rate, rate < 10 ? 1 : 0);

function Share({ row, share }: { row: Row; share: number | null }) {
    if (share === null) return <>–</>;
    const text = formatPercent(share, share > 0 && share < 1 ? 1 : 0);
    return isOddShare(row.name, share) ? <Badge tone="warn">{text}</Badge> : <>{text}</>;
}

function Unassigned({ row }: { row: Row }) {
    if (row.unassigned_count > 0) return <Badge tone="warn">{formatNumber(row.unassigned_count)}</Badge>;
    return <span class="soft">{row.name === 'exposure' ? '0' : '–'}</span>;
}

const columnsOf = (days: string[]): Column<Row>[] => [
    {
        key: 'name',
        label: t('quality.name'),
        isHead: true,
        sortBy: nameOf,
        cell: (row) => <span class={row.name === null ? 'quality-name soft' : 'quality-name'}>{nameOf(row)}</span>,
    },
    {
        key: 'course',
        label: t('quality.course'),
        cell: (row) => <DayBars name={nameOf(row)} days={days} counts={row.day_counts} />,
    },
    {
        key: 'events',
        label: t('quality.events'),
        isNumber: true,
        sortBy: (row) => row.event_count,
        cell: (row) => formatNumber(row.event_count),
    },
    { key: 'rate', label: t('quality.perDay'), isNumber: true, sortBy: perDay, cell: (row) => formatRate(perDay(row)) },
    {
        key: 'value',
        label: t('quality.value'),
        isNumber: true,
        sortBy: (row) => row.value_share,
        cell: (row) => <Share row={row} share={row.value_share} />,
    },
    {
        key: 'currency',
        label: t('quality.currency'),
        isNumber: true,
        sortBy: (row) => row.currency_share,
        cell: (row) => <Share row={row} share={row.currency_share} />,
    },
    {
        key: 'unassigned',
        label: t('quality.unassigned'),
        isNumber: true,
        sortBy: (row) => row.unassigned_count,
        cell: (row) => <Unassigned row={row} />,
    },
    {
        key: 'last',
        label: t('quality.last'),
        sortBy: (row) => row.last_seen_at,
        cell: (row) =>
            row.last_seen_at && (
                <time class="nowrap" dateTime={row.last_seen_at} title={formatDate(row.last_seen_at, 'time')}>
                    {formatAgo(row.last_seen_at)}
                </time>
            ),
    },
];

function Sent({ quality }: { quality: Quality }) {
    const { total, days, names } = quality;
    if (total.event_count === 0) return <Empty title={t('quality.empty')}>{t('quality.empty.text')}</Empty>;
    const facts = [
        { label: t('quality.events'), value: formatNumber(total.event_count) },
        { label: t('quality.perDay'), value: formatRate(perDay({ ...total, name: null })) },
        { label: t('quality.names'), value: names.length + (quality.other ? ` + ${t('quality.other')}` : '') },
        { label: t('quality.last'), value: total.last_seen_at ? formatAgo(total.last_seen_at) : t('state.none') },
    ];
    return (
        <>
            <div class="card">
                <Facts facts={facts} />
            </div>
            {total.unassigned_count > 0 && (
                <p class="note note-warn">{t('quality.unassigned.text', { count: total.unassigned_count })}</p>
            )}
            <section class="card stack" aria-label={t('quality.byName')}>
                <h2>{t('quality.byName')}</h2>
                <p class="soft small">{t('quality.byName.text')}</p>
                <Table
                    caption={t('quality.byName')}
                    columns={columnsOf(days)}
                    rows={rowsOf(quality)}
                    rowKey={(row) => row.name ?? ''}
                />
                {quality.other && <p class="soft small">{t('quality.other.text')}</p>}
            </section>
        </>
    );
}

export default function DataQuality() {
    const [days, setDays] = useState(14);
    const query = useQuery<Quality>(`/data-quality?days=${days}`, { every: REFRESH_MS });
    const choices = CHOICES.map((count) => ({ value: String(count), label: t('quality.days', { count }) }));
    return (
        <Page
            title={t('nav.quality')}
            actions={
                <Segmented
                    label={t('quality.period')}
                    value={String(days)}
                    options={choices}
                    onValue={(value) => setDays(Number(value))}
                />
            }
        >
            <RefusalList days={days} />
            <Loaded query={query}>{(quality) => <Sent quality={quality} />}</Loaded>
        </Page>
    );
}
