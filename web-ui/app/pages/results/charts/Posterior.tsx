// SPDX-License-Identifier: GPL-3.0-or-later
// What is believed of each variant's value after the data: Beta for shares, else the normal that the
// interval comes from. Drawn in the browser from the same figures the page shows.
import { useCallback, useMemo } from 'preact/hooks';
import type { PlotOptions } from '@observablehq/plot';
import { t } from '../../../lib/i18n';
import { Plot } from '../../../ui/Plot';
import type { Spot } from '../../../ui/plotSpot';
import { formatRange, formatValue } from '../format';
import type { ResultsArm, ResultsMetric } from '../../../../generated/results';
import { Legend } from './Legend';
import { seriesOf } from './series';

const STEPS = 160;
const WIDTHS = 4.2;

interface Curve {
    key: string;
    x: number;
    density: number;
}

/* log of the density up to a constant; the height is scaled to one afterwards. */
function logDensity(metric: ResultsMetric, arm: ResultsArm): (x: number) => number {
    if (metric.kind === 'conversion' && arm.sum !== null) {
        const a = arm.sum + 0.5;
        const b = arm.units - arm.sum + 0.5;
        return (x) => (x <= 0 || x >= 1 ? -Infinity : (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
    }
    const se = arm.se ?? 0;
    const mean = arm.value ?? 0;
    return (x) => -0.5 * ((x - mean) / se) ** 2;
}

function curvesOf(metric: ResultsMetric): Curve[] {
    const arms = metric.variants.filter((arm) => arm.value !== null && arm.se !== null && arm.se > 0);
    const ends = (sign: 1 | -1) => arms.map((arm) => (arm.value as number) + sign * WIDTHS * (arm.se as number));
    const [least, most] = metric.kind === 'conversion' ? [0, 1] : [-Infinity, Infinity];
    const low = Math.max(least, Math.min(...ends(-1)));
    const high = Math.min(most, Math.max(...ends(1)));
    const grid = Array.from({ length: STEPS + 1 }, (_, i) => low + ((high - low) * i) / STEPS);
    return arms.flatMap((arm) => {
        const log = logDensity(metric, arm);
        const logs = grid.map(log);
        const top = Math.max(...logs);
        const width = arm.se as number;
        return grid.map((x, i) => ({ key: arm.key, x, density: Math.exp((logs[i] as number) - top) / width }));
    });
}

/* The top of each curve: the value, and what one standard error is to both sides. */
function spotsOf(curves: Curve[], metric: ResultsMetric, currency: string, names: Record<string, string>): Spot[] {
    const write = (value: number) => formatValue(metric, value, currency);
    return metric.variants.flatMap((arm) => {
        const own = curves.filter(({ key }) => key === arm.key);
        if (own.length === 0 || arm.value === null || arm.se === null) return [];
        const top = own.reduce((best, point) => (point.density > best.density ? point : best));
        const range = formatRange([arm.value - arm.se, arm.value + arm.se], write);
        const name = names[arm.key] ?? arm.key;
        return [
            {
                x: top.x,
                y: top.density,
                text: `${name}: ${write(arm.value)}\n${t('results.posterior.range', { range })}`,
            },
        ];
    });
}

export function Posterior({
    metric,
    names,
    currency,
}: {
    metric: ResultsMetric;
    names: Record<string, string>;
    currency: string;
}) {
    const curves = useMemo(() => curvesOf(metric), [metric]);
    const keys = metric.variants.map((arm) => arm.key);
    const colors = seriesOf(keys, metric.variants.find((arm) => !arm.effect)?.key ?? null);
    const draw = useCallback(
        (plot: typeof import('../../../ui/plotLib'), width: number): PlotOptions => ({
            marginLeft: 24,
            marginRight: 24,
            style: { fontSize: '12px', background: 'transparent' },
            x: { label: null, ticks: width < 480 ? 3 : 7, tickFormat: (x: number) => formatValue(metric, x, currency) },
            y: { axis: null },
            color: { domain: keys, range: colors },
            marks: [
                plot.areaY(curves, { x: 'x', y1: 0, y2: 'density', z: 'key', fill: 'key', fillOpacity: 0.2 }),
                plot.lineY(curves, { x: 'x', y: 'density', stroke: 'key', strokeWidth: 2 }),
                plot.ruleY([0], { stroke: 'var(--line-strong)' }),
            ],
        }),
        [curves],
    );
    if (curves.length === 0) return <p class="soft">{t('results.none')}</p>;
    return (
        <div class="stack-small">
            <Plot
                label={t('results.posterior.label', { metric: metric.name })}
                height={200}
                draw={draw}
                spots={spotsOf(curves, metric, currency, names)}
            />
            <Legend keys={keys} colors={colors} names={names} />
        </div>
    );
}
