// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics, one below the other: the shift of each variant with its interval. The line at nothing is what they are
// compared with, and grey as that is everywhere.
import { useCallback } from 'preact/hooks';
import { formatPercent, t } from '../../../lib/i18n';
import { Plot } from '../../../ui/Plot';
import type { Spot } from '../../../ui/plotSpot';
import type { PlotOptions } from '@observablehq/plot';
import { formatRange, shiftFormat, spanOf, writeOr } from '../format';
import type { ResultsMetric } from '../../../../generated/results';
import { isBounded, shownOf, sideOf, type Interval, type Scale, type View } from '../shown';

const ROW_PX = 34;
const AXIS_PX = 44;
const COLORS = { '-1': 'var(--bad)', '0': 'var(--accent)', '1': 'var(--good)' } as const;

interface Row {
    id: string;
    metric: string;
    name: string;
    isHead: boolean; // it says which metric the rows below it are of
    shift: number | null;
    low: number;
    high: number;
    interval: Interval;
    color: string;
    written: string;
    range: string;
}

interface ForestProps {
    metrics: ResultsMetric[];
    view: View;
    scale: Scale;
    isMuted: boolean;
    names: Record<string, string>;
    currency: string;
}

const head = (metric: ResultsMetric): Row => ({
    id: metric.key,
    metric: metric.name,
    name: metric.name,
    isHead: true,
    shift: null,
    low: 0,
    high: 0,
    interval: null,
    color: '',
    written: '',
    range: '',
});

function rowsOf(metric: ResultsMetric, { view, scale, isMuted, names, currency }: ForestProps): Row[] {
    const write = shiftFormat(metric, scale, currency);
    return metric.variants
        .filter((arm) => arm.effect)
        .map((arm) => {
            const { shift, interval } = shownOf(arm.effect, view, scale);
            const [low, high] = isBounded(interval) ? interval : [0, 0];
            return {
                ...head(metric),
                id: `${metric.key}/${arm.key}`,
                name: names[arm.key] ?? arm.key,
                isHead: false,
                shift,
                low,
                high,
                interval,
                color: COLORS[isMuted ? 0 : sideOf(interval, metric.direction)],
                written: writeOr(shift, write),
                range: formatRange(interval, write),
            };
        });
}

/* One metric needs no head: its card has one. */
const allRows = (props: ForestProps): Row[] =>
    props.metrics.length === 1
        ? rowsOf(props.metrics[0]!, props)
        : props.metrics.flatMap((metric) => [head(metric), ...rowsOf(metric, props)]);

const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

const wordsOf = ({ name, written, range }: Row) => `${name}: ${written} (${range})`;

const within = ({ shift }: Row, [low, high]: [number, number]) => shift !== null && shift >= low && shift <= high;

const spotsOf = (rows: Row[], span: [number, number], isOne: boolean): Spot[] =>
    rows
        .filter((row) => within(row, span))
        .map((row) => ({ x: row.shift!, y: row.id, text: isOne ? wordsOf(row) : `${row.metric}\n${wordsOf(row)}` }));

function marksOf(plot: typeof import('../../../ui/plotLib'), rows: Row[], span: [number, number], isSmall: boolean) {
    const shown = rows.filter((row) => within(row, span));
    const side = { y: 'id', fill: 'currentColor', text: 'written', frameAnchor: 'right', textAnchor: 'start' } as const;
    return [
        /* Not known: it may be anywhere. */
        plot.link(
            rows.filter((row) => !row.isHead && !isBounded(row.interval)),
            {
                x1: span[0],
                x2: span[1],
                y: 'id',
                stroke: 'var(--line-strong)',
                strokeWidth: 1.5,
                strokeDasharray: '1 5',
            },
        ),
        plot.ruleX([0], { stroke: 'var(--series-control)', strokeWidth: 2 }),
        plot.link(
            rows.filter((row) => isBounded(row.interval)),
            {
                x1: (row: Row) => Math.max(span[0], row.low),
                x2: (row: Row) => Math.min(span[1], row.high),
                y: 'id',
                stroke: 'color',
                strokeWidth: 6,
                strokeLinecap: 'round',
                strokeOpacity: 0.55,
            },
        ),
        plot.dot(shown, { x: 'shift', y: 'id', fill: 'color', r: 6, stroke: 'var(--surface)', strokeWidth: 2 }),
        plot.text(
            rows.filter((row) => row.isHead),
            {
                y: 'id',
                text: (row: Row) => shorten(row.name, isSmall ? 30 : 60),
                frameAnchor: 'left',
                textAnchor: 'start',
                dx: isSmall ? -88 : -162,
                fontWeight: 600,
                fill: 'currentColor',
                stroke: 'var(--surface)',
                strokeWidth: 4,
            },
        ),
        plot.text(shown, { ...side, dx: 10 }),
    ];
}

const RIGHT_LEAST = 64;
const LETTER_PX = 7.5;

export function Forest(props: ForestProps) {
    const { metrics, scale, currency } = props;
    const rows = allRows(props);
    const isOne = metrics.length === 1;
    const span = spanOf(
        rows.map((row) => [row.low, row.high]),
        scale,
    );
    const draw = useCallback(
        (plot: typeof import('../../../ui/plotLib'), width: number): PlotOptions => {
            const isSmall = width < 480;
            const write = shiftFormat(metrics[0]!, scale, currency);
            const labels = Object.fromEntries(rows.map((row) => [row.id, row.isHead ? '' : row.name]));
            return {
                marginLeft: isSmall ? 96 : 170,
                marginRight: Math.max(RIGHT_LEAST, 18 + LETTER_PX * Math.max(...rows.map((row) => row.written.length))),
                marginBottom: AXIS_PX - 8,
                style: { fontSize: '13px', background: 'transparent' },
                x: {
                    domain: span,
                    label: t(`results.shift.${scale}`),
                    tickFormat:
                        scale === 'relative' ? (x: number) => formatPercent(x, span[1] - span[0] < 0.1 ? 1 : 0) : write,
                    ticks: isSmall ? 3 : 7,
                    grid: true,
                    labelArrow: 'none',
                    labelAnchor: 'center',
                },
                y: {
                    domain: rows.map((row) => row.id),
                    label: null,
                    tickSize: 0,
                    tickFormat: (id: string) => shorten(labels[id] ?? '', isSmall ? 11 : 22),
                },
                marks: marksOf(plot, rows, span, isSmall),
            };
        },
        [JSON.stringify(rows), JSON.stringify(span), scale],
    );
    const said = rows.map((row) => (row.isHead ? '' : isOne ? wordsOf(row) : `${row.metric}, ${wordsOf(row)}`));
    const label = `${isOne ? metrics[0]!.name : t('results.forest')}. ${said.filter(Boolean).join('; ')}`;
    return (
        <Plot label={label} height={rows.length * ROW_PX + AXIS_PX} draw={draw} spots={spotsOf(rows, span, isOne)} />
    );
}
