// SPDX-License-Identifier: GPL-3.0-or-later
// As each day closed: what a metric was for each variant, or how many visitors had met it.
import { useCallback } from 'preact/hooks';
import type { PlotOptions } from '@observablehq/plot';
import { formatDate, formatNumber, t } from '../../../lib/i18n';
import { Plot } from '../../../ui/Plot';
import type { Results, ResultsMetric } from '../../../../generated/results';
import { formatValue } from '../format';
import { Legend } from './Legend';
import { seriesOf } from './series';

interface Point {
    day: Date;
    variant: string;
    value: number;
}

export type CourseKind = 'value' | 'units';

function pointsOf(results: Results, metric: ResultsMetric, kind: CourseKind): Point[] {
    return results.looks.flatMap((look) =>
        (look.metrics.find(({ key }) => key === metric.key)?.variants ?? []).flatMap((arm) => {
            const value = arm[kind];
            return value === null ? [] : [{ day: new Date(look.day), variant: arm.key, value }];
        }),
    );
}

interface CourseProps {
    results: Results;
    metric: ResultsMetric;
    names: Record<string, string>;
    kind: CourseKind;
}

export function Course({ results, metric, names, kind }: CourseProps) {
    const points = pointsOf(results, metric, kind);
    const keys = results.variants.map(({ key }) => key);
    const colors = seriesOf(keys, results.control);
    const write = (value: number) =>
        kind === 'units' ? formatNumber(value) : formatValue(metric, value, results.currency);
    const draw = useCallback(
        (plot: typeof import('../../../ui/plotLib'), width: number): PlotOptions => ({
            marginLeft: 64,
            marginRight: 12,
            style: { fontSize: '12px', background: 'transparent' },
            x: { label: null, ticks: width < 480 ? 3 : 8 },
            y: { label: null, tickFormat: write, grid: true, zero: kind === 'units', nice: true, ticks: 5 },
            color: { domain: keys, range: colors },
            marks: [
                plot.lineY(points, { x: 'day', y: 'value', stroke: 'variant', strokeWidth: 2 }),
                plot.dot(points, { x: 'day', y: 'value', fill: 'variant', r: 2.5 }),
            ],
        }),
        [JSON.stringify([points, keys, colors]), metric.key, results.currency, kind],
    );
    if (results.looks.length < 2) return <p class="soft">{t('results.overTime.none')}</p>;
    const spots = points.map(({ day, variant, value }) => ({
        x: day,
        y: value,
        text: `${formatDate(day)}\n${names[variant] ?? variant}: ${write(value)}`,
    }));
    const label = t(`results.course.${kind}.label`, { metric: metric.name, days: results.looks.length });
    return (
        <div class="stack-small">
            <Plot label={label} height={220} draw={draw} spots={spots} />
            <Legend keys={keys} colors={colors} names={names} />
        </div>
    );
}
