// SPDX-License-Identifier: GPL-3.0-or-later
// One metric: the uplift of each variant with its interval around nothing.
import { useCallback } from 'preact/hooks';
import { formatPercent, t } from '../../lib/i18n';
import { Plot } from '../../ui/Plot';
import type { PlotOptions } from '@observablehq/plot';
import { formatRange, formatShift, reachOf } from './format';
import type { ResultsMetric } from '../../../generated/results';
import { isBounded, shownOf, sideOf, type View } from './shown';

const ROW_PX = 44;
const AXIS_PX = 44;
const COLORS = { '-1': 'var(--bad)', '0': 'var(--series-control)', '1': 'var(--good)' } as const;

interface Row {
    name: string;
    uplift: number | null;
    low: number;
    high: number;
    color: string;
}

function rowsOf(metric: ResultsMetric, view: View, names: Record<string, string>): Row[] {
    return metric.variants
        .filter((arm) => arm.effect)
        .map((arm) => {
            const { uplift, interval } = shownOf(arm.effect, view);
            const known = isBounded(interval) ? interval : ([0, 0] as const);
            return {
                name: names[arm.key] ?? arm.key,
                uplift,
                low: known[0],
                high: known[1],
                color: COLORS[sideOf(interval, metric.direction)],
            };
        });
}

const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

export function Forest({ metric, view, names }: { metric: ResultsMetric; view: View; names: Record<string, string> }) {
    const rows = rowsOf(metric, view, names);
    const reach = reachOf(metric.variants.flatMap((arm) => (arm.effect ? [shownOf(arm.effect, view).interval] : [])));
    const draw = useCallback(
        (plot: typeof import('../../ui/plotLib'), width: number): PlotOptions => {
            const isSmall = width < 480;
            return {
                marginLeft: isSmall ? 96 : 170,
                marginRight: 28,
                marginBottom: AXIS_PX - 8,
                style: { fontSize: '13px', background: 'transparent' },
                x: {
                    domain: [-reach, reach],
                    label: t('results.uplift'),
                    tickFormat: (x: number) => formatPercent(x, reach < 0.05 ? 1 : 0),
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
                    plot.link(rows, {
                        x1: (row: Row) => Math.max(-reach, row.low),
                        x2: (row: Row) => Math.min(reach, row.high),
                        y: 'name',
                        stroke: 'color',
                        strokeWidth: 6,
                        strokeLinecap: 'round',
                        strokeOpacity: 0.55,
                    }),
                    plot.dot(
                        rows.filter((row) => row.uplift !== null && Math.abs(row.uplift) <= reach),
                        { x: 'uplift', y: 'name', fill: 'color', r: 6, stroke: 'var(--surface)', strokeWidth: 2 },
                    ),
                ],
            };
        },
        [JSON.stringify(rows), reach],
    );
    const words = metric.variants
        .filter((arm) => arm.effect)
        .map((arm) => {
            const { uplift, interval } = shownOf(arm.effect, view);
            return `${names[arm.key] ?? arm.key}: ${formatShift(uplift)} (${formatRange(interval)})`;
        });
    return <Plot label={`${metric.name}. ${words.join('; ')}`} height={rows.length * ROW_PX + AXIS_PX} draw={draw} />;
}
