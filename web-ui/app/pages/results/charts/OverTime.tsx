// SPDX-License-Identifier: GPL-3.0-or-later
// The uplift as each day closed, with the band that may be looked at every day.
import { useCallback, useMemo } from 'preact/hooks';
import type { PlotOptions } from '@observablehq/plot';
import { formatDay, formatPercent, t } from '../../../lib/i18n';
import { Plot } from '../../../ui/Plot';
import type { Spot } from '../../../ui/plotSpot';
import { formatRange, formatShift, spanOf } from '../format';
import { Legend } from './Legend';
import { seriesOf } from './series';
import type { ResultsLookArm, Results } from '../../../../generated/results';
import { isBounded, type Interval } from '../shown';

interface Point {
    day: Date;
    variant: string;
    uplift: number | null;
    low: number;
    high: number;
}

/* The part that this day's interval and those of all days before have in common. */
function narrowed(before: Interval, arm: ResultsLookArm): Interval {
    const today = arm.sequential?.uplift_interval ?? null;
    if (!isBounded(today)) return before;
    return isBounded(before) ? [Math.max(before[0], today[0]), Math.min(before[1], today[1])] : today;
}

function pointsOf(results: Results, metricKey: string): Point[] {
    const bands: Record<string, Interval> = {};
    return results.looks.flatMap((look) => {
        const arms = look.metrics.find(({ key }) => key === metricKey)?.variants ?? [];
        const control = arms.find((arm) => arm.key === results.control)?.value;
        return arms
            .filter((arm) => arm.key !== results.control)
            .flatMap((arm) => {
                const band = (bands[arm.key] = narrowed(bands[arm.key] ?? null, arm));
                if (!isBounded(band) || !control || arm.value === null) return [];
                return [
                    {
                        day: new Date(look.day),
                        variant: arm.key,
                        uplift: (arm.value - control) / Math.abs(control),
                        low: band[0],
                        high: band[1],
                    },
                ];
            });
    });
}

const wordsOf = ({ day, variant, uplift, low, high }: Point, names: Record<string, string>): string =>
    `${formatDay(day)}\n${names[variant] ?? variant}: ${formatShift(uplift)} (${formatRange([low, high])})`;

const spotsOf = (points: Point[], [low, high]: [number, number], names: Record<string, string>): Spot[] =>
    points
        .filter((point) => point.uplift !== null && point.uplift >= low && point.uplift <= high)
        .map((point) => ({ x: point.day, y: point.uplift!, text: wordsOf(point, names) }));

export function OverTime({
    results,
    metricKey,
    names,
}: {
    results: Results;
    metricKey: string;
    names: Record<string, string>;
}) {
    const points = useMemo(() => pointsOf(results, metricKey), [results, metricKey]);
    const last = points.slice(Math.floor(points.length / 2));
    const span = spanOf(last.map((point) => [point.low, point.high]));
    const variants = results.variants.map(({ key }) => key).filter((key) => key !== results.control);
    const colors = seriesOf(variants, results.control);
    const draw = useCallback(
        (plot: typeof import('../../../ui/plotLib'), width: number): PlotOptions => ({
            marginLeft: 56,
            marginRight: 12,
            marginBottom: 36,
            style: { fontSize: '12px', background: 'transparent' },
            x: { label: null, ticks: width < 480 ? 3 : 8 },
            y: {
                domain: span,
                clamp: true,
                label: null,
                tickFormat: (y: number) => formatPercent(y, span[1] - span[0] < 0.1 ? 1 : 0),
                grid: true,
            },
            color: { domain: variants, range: colors, legend: false },
            marks: [
                plot.ruleY([0], { stroke: 'var(--line-strong)' }),
                plot.areaY(points, {
                    x: 'day',
                    y1: 'low',
                    y2: 'high',
                    z: 'variant',
                    fill: 'variant',
                    fillOpacity: 0.14,
                    curve: 'step-after',
                }),
                plot.lineY(points, { x: 'day', y: 'uplift', stroke: 'variant', strokeWidth: 2 }),
                plot.dot(points, { x: 'day', y: 'uplift', fill: 'variant', r: 2.5 }),
            ],
        }),
        [points, JSON.stringify(span)],
    );
    if (points.length < 2) return <p class="soft">{t('results.overTime.none')}</p>;
    return (
        <div class="stack-small">
            <Plot
                label={t('results.overTime.label', { days: results.looks.length })}
                height={260}
                draw={draw}
                spots={spotsOf(points, span, names)}
            />
            <Legend keys={variants} colors={colors} names={names} />
        </div>
    );
}
