// SPDX-License-Identifier: GPL-3.0-or-later
// One metric: the uplift of each variant with its interval around nothing.
import { useCallback } from 'preact/hooks';
import { formatPercent, t } from '../../../lib/i18n';
import { Plot } from '../../../ui/Plot';
import type { Spot } from '../../../ui/plotSpot';
import type { PlotOptions } from '@observablehq/plot';
import { formatRange, reachOf, shiftFormat, writeOr } from '../format';
import type { ResultsMetric } from '../../../../generated/results';
import { isBounded, shownOf, sideOf, type Interval, type Scale, type View } from '../shown';

const ROW_PX = 44;
const AXIS_PX = 44;
const COLORS = { '-1': 'var(--bad)', '0': 'var(--series-control)', '1': 'var(--good)' } as const;

interface Row {
    name: string;
    shift: number | null;
    low: number;
    high: number;
    interval: Interval;
    color: string;
}

interface ForestProps {
    metric: ResultsMetric;
    view: View;
    scale: Scale;
    isMuted: boolean;
    names: Record<string, string>;
    currency: string;
}

function rowsOf({ metric, view, scale, isMuted, names }: ForestProps): Row[] {
    return metric.variants
        .filter((arm) => arm.effect)
        .map((arm) => {
            const { shift, interval } = shownOf(arm.effect, view, scale);
            const known = isBounded(interval) ? interval : ([0, 0] as const);
            return {
                name: names[arm.key] ?? arm.key,
                shift,
                low: known[0],
                high: known[1],
                interval,
                color: COLORS[isMuted ? 0 : sideOf(interval, metric.direction)],
            };
        });
}

const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

const spotsOf = (rows: Row[], reach: number, wordsOf: (row: Row) => string): Spot[] =>
    rows
        .filter((row) => row.shift !== null && Math.abs(row.shift) <= reach)
        .map((row) => ({ x: row.shift!, y: row.name, text: wordsOf(row) }));

export function Forest(props: ForestProps) {
    const { metric, scale, currency } = props;
    const rows = rowsOf(props);
    const write = shiftFormat(metric, scale, currency);
    const reach = reachOf(
        rows.map((row) => [row.low, row.high]),
        scale,
    );
    const wordsOf = (row: Row) => `${row.name}: ${writeOr(row.shift, write)} (${formatRange(row.interval, write)})`;
    const draw = useCallback(
        (plot: typeof import('../../../ui/plotLib'), width: number): PlotOptions => {
            const isSmall = width < 480;
            return {
                marginLeft: isSmall ? 96 : 170,
                marginRight: 28,
                marginBottom: AXIS_PX - 8,
                style: { fontSize: '13px', background: 'transparent' },
                x: {
                    domain: [-reach, reach],
                    label: t(`results.shift.${scale}`),
                    tickFormat: scale === 'relative' ? (x: number) => formatPercent(x, reach < 0.05 ? 1 : 0) : write,
                    ticks: isSmall ? 3 : 7,
                    grid: true,
                    labelArrow: 'none',
                    labelAnchor: 'center',
                },
                y: {
                    domain: rows.map((row) => row.name),
                    label: null,
                    tickSize: 0,
                    tickFormat: (name: string) => shorten(name, isSmall ? 11 : 22),
                },
                marks: [
                    plot.ruleX([0], { stroke: 'var(--line-strong)' }),
                    plot.link(
                        rows.filter((row) => isBounded(row.interval)),
                        {
                            x1: (row: Row) => Math.max(-reach, row.low),
                            x2: (row: Row) => Math.min(reach, row.high),
                            y: 'name',
                            stroke: 'color',
                            strokeWidth: 6,
                            strokeLinecap: 'round',
                            strokeOpacity: 0.55,
                        },
                    ),
                    plot.dot(
                        rows.filter((row) => row.shift !== null && Math.abs(row.shift) <= reach),
                        { x: 'shift', y: 'name', fill: 'color', r: 6, stroke: 'var(--surface)', strokeWidth: 2 },
                    ),
                ],
            };
        },
        [JSON.stringify(rows), reach, scale],
    );
    const label = `${metric.name}. ${rows.map(wordsOf).join('; ')}`;
    return (
        <Plot label={label} height={rows.length * ROW_PX + AXIS_PX} draw={draw} spots={spotsOf(rows, reach, wordsOf)} />
    );
}
