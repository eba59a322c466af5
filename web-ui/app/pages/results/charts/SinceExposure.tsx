// SPDX-License-Identifier: GPL-3.0-or-later
// The effect on each day since visitors met their variant: whether it wears off, or comes late.
import { useCallback } from 'preact/hooks';
import type { PlotOptions } from '@observablehq/plot';
import { formatAgo, formatNumber, formatPercent, t } from '../../../lib/i18n';
import { Plot } from '../../../ui/Plot';
import type { Results, ResultsLookArm, ResultsMetric } from '../../../../generated/results';
import { formatRange, shiftFormat, spanOf } from '../format';
import { isBounded } from '../shown';
import { Legend } from './Legend';
import { seriesOf } from './series';

interface Point {
    x: number; // the day, and a little to the side where there are several variants
    day: number;
    arm: ResultsLookArm;
    variant: string;
    shift: number;
    low: number;
    high: number;
}

const BESIDE = 0.12;

function pointsOf(metric: ResultsMetric, keys: string[]): Point[] {
    return (metric.since_exposure?.days ?? []).flatMap(({ day, variants }) =>
        variants.flatMap((arm) => {
            const { interval } = arm;
            if (!interval || !isBounded(interval) || arm.difference === null || arm.difference === undefined) return [];
            const beside = (keys.indexOf(arm.key) - (keys.length - 1) / 2) * BESIDE;
            return [
                {
                    x: day + beside,
                    day,
                    arm,
                    variant: arm.key,
                    shift: arm.difference,
                    low: interval[0],
                    high: interval[1],
                },
            ];
        }),
    );
}

interface SinceProps {
    results: Results;
    metric: ResultsMetric;
    names: Record<string, string>;
}

function Picture({ results, metric, names, points, keys }: SinceProps & { points: Point[]; keys: string[] }) {
    const colors = seriesOf(keys, results.control);
    const write = shiftFormat(metric, 'absolute', results.currency);
    const span = spanOf(
        points.map((point) => [point.low, point.high]),
        'absolute',
    );
    const days = Math.max(...points.map(({ day }) => day));
    const draw = useCallback(
        (plot: typeof import('../../../ui/plotLib'), width: number): PlotOptions => ({
            marginLeft: 72,
            marginRight: 12,
            marginBottom: 40,
            style: { fontSize: '12px', background: 'transparent' },
            x: {
                domain: [0.5, days + 0.5],
                label: t('results.since.axis'),
                labelArrow: 'none',
                labelAnchor: 'center',
                ticks: Array.from({ length: days }, (_, i) => i + 1).filter((day) => width > 480 || day % 2 === 1),
                tickFormat: (day: number) => formatNumber(day),
            },
            y: { domain: span, label: null, tickFormat: write, grid: true, ticks: 5 },
            color: { domain: keys, range: colors },
            marks: [
                plot.ruleY([0], { stroke: 'var(--series-control)', strokeWidth: 2 }),
                plot.ruleX(points, {
                    x: 'x',
                    y1: 'low',
                    y2: 'high',
                    stroke: 'variant',
                    strokeWidth: 3,
                    strokeOpacity: 0.5,
                }),
                plot.dot(points, { x: 'x', y: 'shift', fill: 'variant', r: 4 }),
            ],
        }),
        [JSON.stringify([points, keys, colors, span]), metric.key, results.currency],
    );
    const spots = points.map(({ x, day, arm, variant, shift, low, high }) => ({
        x,
        y: shift,
        text: [
            t('results.since.day', { day }),
            `${names[variant] ?? variant}: ${write(shift)} (${formatRange([low, high], write)})`,
            t('results.since.units', { count: arm.units }),
        ].join('\n'),
    }));
    return (
        <>
            <Plot
                label={t('results.since.label', { metric: metric.name, days })}
                height={260}
                draw={draw}
                spots={spots}
            />
            <Legend keys={keys} colors={colors} names={names} />
        </>
    );
}

export function SinceExposure({ results, metric, names }: SinceProps) {
    const since = metric.since_exposure;
    const keys = results.variants.map(({ key }) => key).filter((key) => key !== results.control);
    const points = pointsOf(metric, keys);
    if (!since) return <p class="soft">{t('results.distribution.none')}</p>;
    if (points.length === 0) return <p class="soft">{t('results.since.none')}</p>;
    return (
        <div class="stack-small">
            <p class="small soft">{t('results.since.text', { confidence: formatPercent(results.confidence, 0) })}</p>
            <Picture {...{ results, metric, names, points, keys }} />
            <p class="small soft">
                {since.share < 1 && t('results.since.share', { share: formatPercent(since.share, 1) })}{' '}
                {t('results.distribution.asOf', { ago: formatAgo(since.as_of) })}
            </p>
        </div>
    );
}
