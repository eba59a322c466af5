// SPDX-License-Identifier: GPL-3.0-or-later
// Two pictures: the chance to see the effect by visitors, and the smallest effect by weeks.
import type { PlotOptions } from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import { formatNumber, formatPercent, formatUplift, t } from '../../lib/i18n';
import { Plot } from '../../ui/Plot';
import { powerSpots } from '../editor/state/powerSpots';
import type { Plan } from '../editor/state/usePlan';

const STYLE = { fontSize: '12px', background: 'transparent' };
type Library = typeof import('../../ui/plotLib');

export function PowerCurve({ plan, power }: { plan: Plan; power: number }) {
    const draw = useCallback(
        (lib: Library, width: number): PlotOptions => ({
            marginLeft: 48,
            marginBottom: 40,
            style: STYLE,
            x: {
                label: t('planner.curve.visitors'),
                tickFormat: (n: number) => formatNumber(n),
                ticks: width < 480 ? 3 : 6,
                domain: [0, plan.visitors * 2],
            },
            y: { label: null, domain: [0, 1], grid: true, tickFormat: (p: number) => formatPercent(p, 0), ticks: 5 },
            marks: [
                lib.ruleY([power], { stroke: 'var(--line-strong)', strokeDasharray: '4 4' }),
                lib.ruleX([plan.visitors], { stroke: 'var(--line-strong)', strokeDasharray: '4 4' }),
                lib.areaY(plan.curve, { x: 'visitors', y: 'power', fill: 'var(--series-1)', fillOpacity: 0.1 }),
                lib.line(plan.curve, { x: 'visitors', y: 'power', stroke: 'var(--series-1)', strokeWidth: 2.5 }),
                lib.dot([plan], { x: 'visitors', y: 'power', fill: 'var(--series-1)', r: 5 }),
            ],
        }),
        [plan, power],
    );
    return (
        <Plot
            height={240}
            draw={draw}
            label={t('planner.curve.label', { power: formatPercent(plan.power, 0), visitors: plan.visitors })}
            spots={powerSpots(plan)}
        />
    );
}

/* 'goal': the uplift that is planned for. */
export function EffectCurve({ effects, goal }: { effects: Plan['effects']; goal: number }) {
    const most = Math.max(goal, ...effects.map(({ uplift }) => uplift ?? 0));
    const draw = useCallback(
        (lib: Library): PlotOptions => ({
            marginLeft: 48,
            marginBottom: 40,
            style: STYLE,
            x: {
                label: t('planner.curve.weeks'),
                domain: [0, 12.5],
                ticks: [1, 2, 3, 4, 6, 8, 10, 12],
                tickFormat: (n: number) => formatNumber(n),
            },
            y: {
                label: null,
                grid: true,
                domain: [0, most * 1.08],
                tickFormat: (u: number) => formatPercent(u, most < 0.1 ? 1 : 0),
                ticks: 5,
            },
            marks: [
                lib.ruleY([goal], { stroke: 'var(--line-strong)', strokeDasharray: '4 4' }),
                lib.line(effects, {
                    x: 'weeks',
                    y: 'uplift',
                    stroke: 'var(--series-2)',
                    strokeWidth: 2.5,
                    curve: 'monotone-x',
                }),
                lib.dot(effects, { x: 'weeks', y: 'uplift', fill: 'var(--series-2)', r: 3.5 }),
            ],
        }),
        [effects, goal],
    );
    const last = effects[effects.length - 1];
    const label = t('planner.effects.label', { uplift: formatUplift(last?.uplift ?? 0), weeks: last?.weeks ?? 0 });
    const spots = effects.flatMap(({ weeks, uplift }) =>
        uplift === null
            ? []
            : [
                  {
                      x: weeks,
                      y: uplift,
                      text: t('planner.effects.spot', { count: weeks, uplift: formatUplift(uplift) }),
                  },
              ],
    );
    return <Plot height={240} draw={draw} label={label} spots={spots} />;
}
