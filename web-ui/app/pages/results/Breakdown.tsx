// SPDX-License-Identifier: GPL-3.0-or-later
// The goal by a dimension: device, country, kind of visitor, or one of one's own. Many looks find something
// by chance: intervals are widened for how many there are.
import { useState } from 'preact/hooks';
import { dimensionName } from '../../lib/builtIn';
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Loaded } from '../../ui/feedback';
import { Segmented } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import type { Phase } from '../campaigns/campaign';
import { formatRange, formatShift, formatValue } from './format';
import type { ResultsArm, ResultsMetric, Results } from '../../../generated/results';
import { isBounded, sideOf, type Interval } from './shown';
import { formatNumber } from '../../lib/i18n';
import { quantileOfNormal } from './charts/normal';
import { useDimensions } from './dimensions';
import { inWords } from './say';
import { isTold } from './told';

interface Row {
    id: string;
    value: string;
    arm: ResultsArm;
    interval: Interval;
}

/* Bonferroni on the credible interval's width: as wide as if each of 'count' had its share of the error. */
function widen(interval: Interval, uplift: number | null, confidence: number, count: number): Interval {
    if (!isBounded(interval) || uplift === null) return interval;
    const alpha = 1 - confidence;
    const factor = quantileOfNormal(1 - alpha / (2 * count)) / quantileOfNormal(1 - alpha / 2);
    return [uplift - (uplift - interval[0]) * factor, uplift + (interval[1] - uplift) * factor];
}

function rowsOf(metric: ResultsMetric, dimension: string, confidence: number): Row[] {
    const cells = metric.breakdown?.[dimension] ?? [];
    const arms = cells.flatMap(({ value, variants }) =>
        variants.filter((arm) => arm.effect).map((arm) => ({ value, arm })),
    );
    return arms.map(({ value, arm }) => {
        const { uplift, uplift_interval: interval } = arm.effect!.frequentist;
        return { id: `${value}/${arm.key}`, value, arm, interval: widen(interval, uplift, confidence, arms.length) };
    });
}

const TONE = { '-1': 'bad', '0': '', '1': 'good' } as const;

function columnsOf(
    metric: ResultsMetric,
    currency: string,
    label: string,
    names: Record<string, string>,
    isMuted: boolean,
): Column<Row>[] {
    return [
        {
            key: 'value',
            label,
            isHead: true,
            sortBy: (row) => row.value,
            cell: (row) => row.value,
        },
        { key: 'variant', label: t('results.variant'), cell: (row) => names[row.arm.key] ?? row.arm.key },
        {
            key: 'units',
            label: t('results.visitors'),
            isNumber: true,
            sortBy: (row) => row.arm.units,
            cell: (row) => formatNumber(row.arm.units),
        },
        {
            key: 'is',
            label: metric.name,
            isNumber: true,
            sortBy: (row) => row.arm.value,
            cell: (row) => formatValue(metric, row.arm.value, currency),
        },
        {
            key: 'uplift',
            label: t('results.uplift'),
            isNumber: true,
            sortBy: (row) => row.arm.effect?.frequentist.uplift ?? null,
            cell: (row) => (
                <span class={TONE[isMuted ? 0 : sideOf(row.interval, metric.direction)]}>
                    {formatShift(row.arm.effect?.frequentist.uplift ?? null)}
                </span>
            ),
        },
        {
            key: 'interval',
            label: t('results.interval.adjusted'),
            isNumber: true,
            cell: (row) => formatRange(row.interval),
        },
    ];
}

export function Breakdown({
    campaign,
    phase,
    metricKey,
    names,
}: {
    campaign: string;
    phase: Phase;
    metricKey: string;
    names: Record<string, string>;
}) {
    const [dimension, setDimension] = useState('device');
    const path = `/campaigns/${encodeURIComponent(campaign)}/results?phase=${phase.number}&dimension=${dimension}`;
    const query = useQuery<Results>(path);
    const dimensions = useDimensions(phase);
    const options = dimensions.map((one) => ({ value: one.key, label: dimensionName(one) }));
    const table = (results: Results) => {
        const metric = inWords(results).metrics.find(({ key }) => key === metricKey);
        const rows = metric ? rowsOf(metric, dimension, results.confidence) : [];
        if (!metric || rows.length === 0) return <p class="soft">{t('results.none')}</p>;
        const label = options.find(({ value }) => value === dimension)?.label ?? dimension;
        const columns = columnsOf(metric, results.currency, label, names, !isTold(results.verdict));
        return <Table caption={t('results.breakdown')} columns={columns} rows={rows} rowKey={(row) => row.id} />;
    };
    return (
        <div class="stack">
            <Segmented label={t('results.breakdown')} value={dimension} options={options} onValue={setDimension} />
            <p class="note note-warn">{t('results.breakdown.warning')}</p>
            <Loaded query={query}>{table}</Loaded>
        </div>
    );
}
