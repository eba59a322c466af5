// SPDX-License-Identifier: GPL-3.0-or-later
// The course of an uplift in a few pixels, around its zero line. What it shows is said beside it.
const WIDTH = 96;
const HEIGHT = 28;
const MARGIN = 3;

export function Sparkline({ values, tone }: { values: number[]; tone: 'good' | 'bad' | null }) {
    if (values.length < 2) return <svg class="sparkline" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
    const reach = Math.max(0.01, ...values.map(Math.abs));
    const x = (i: number) => MARGIN + (i / (values.length - 1)) * (WIDTH - 2 * MARGIN);
    const y = (value: number) => HEIGHT / 2 - (value / reach) * (HEIGHT / 2 - MARGIN);
    const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const last = values.length - 1;
    return (
        <svg
            class={tone ? `sparkline sparkline-${tone}` : 'sparkline'}
            width={WIDTH}
            height={HEIGHT}
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            aria-hidden="true"
        >
            <line x1={0} x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
            <polyline points={points} />
            <circle cx={x(last)} cy={y(values[last] ?? 0)} r={2.5} />
        </svg>
    );
}
