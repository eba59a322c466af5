// SPDX-License-Identifier: GPL-3.0-or-later
// A line for each variant over the days.
import { useCallback } from 'preact/hooks';
import type { PlotOptions } from '@observablehq/plot';
import { formatDay } from '../../../lib/i18n';
import { Plot } from '../../../ui/Plot';
import { Legend } from './Legend';
import { seriesOf } from './series';

export interface Point {
    day: Date;
    variant: string;
    value: number;
}

interface LinesProps {
    label: string;
    points: Point[];
    keys: string[]; // of all variants
    control: string | null;
    names: Record<string, string>;
    write: (value: number) => string;
    hasZero: boolean; // the axis begins at nothing
    seed: string; // changes with what 'write' does
}

export function Lines({ label, points, keys, control, names, write, hasZero, seed }: LinesProps) {
    const colors = seriesOf(keys, control);
    const draw = useCallback(
        (plot: typeof import('../../../ui/plotLib'), width: number): PlotOptions => ({
            marginLeft: 64,
            marginRight: 12,
            marginBottom: 36,
            style: { fontSize: '12px', background: 'transparent' },
            x: { label: null, ticks: width < 480 ? 3 : 8 },
            y: { label: null, tickFormat: write, grid: true, zero: hasZero, nice: true, ticks: 5 },
            color: { domain: keys, range: colors },
            marks: [
                plot.lineY(points, { x: 'day', y: 'value', stroke: 'variant', strokeWidth: 2 }),
                plot.dot(points, { x: 'day', y: 'value', fill: 'variant', r: 2.5 }),
            ],
        }),
        [JSON.stringify([points, keys, colors]), seed, hasZero],
    );
    const spots = points.map(({ day, variant, value }) => ({
        x: day,
        y: value,
        text: `${formatDay(day)}\n${names[variant] ?? variant}: ${write(value)}`,
    }));
    return (
        <div class="stack-small">
            <Plot label={label} height={220} draw={draw} spots={spots} />
            <Legend keys={keys} colors={colors} names={names} />
        </div>
    );
}
