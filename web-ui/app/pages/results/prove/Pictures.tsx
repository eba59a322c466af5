// SPDX-License-Identifier: GPL-3.0-or-later
// Two pictures of a proof: whether p-values are as even as they must be, and how often each rule calls a difference
// where there is none, when somebody looks every hour.
import type { PlotOptions } from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import { formatPercent, t } from '../../../lib/i18n';
import { Plot } from '../../../ui/Plot';
import type { ProveMetric, ProveReport } from './proofs';

type Library = typeof import('../../../ui/plotLib');
const STYLE = { fontSize: '12px', background: 'transparent' };
const RULES = ['always_valid', 'p_value', 'chance_to_win'] as const;

export function Evenness({ metric, name }: { metric: ProveMetric; name: string }) {
    const bins = metric.p_values?.bins ?? [];
    const even = (metric.false_calls?.of ?? 0) / Math.max(1, bins.length);
    const draw = useCallback(
        (lib: Library): PlotOptions => ({
            marginLeft: 48,
            marginBottom: 40,
            style: STYLE,
            x: { label: t('prove.even.x'), domain: [0, 1], ticks: 5 },
            y: { label: null, grid: true, domain: [0, Math.max(even * 1.5, ...bins)], ticks: 4 },
            marks: [
                lib.rectY(
                    bins.map((count, i) => ({ from: i / bins.length, to: (i + 1) / bins.length, count })),
                    { x1: 'from', x2: 'to', y: 'count', fill: 'var(--series-1)', fillOpacity: 0.6 },
                ),
                lib.ruleY([even], { stroke: 'var(--line-strong)', strokeDasharray: '4 4' }),
            ],
        }),
        [metric, even],
    );
    return <Plot height={200} draw={draw} label={t('prove.even.label', { metric: name })} />;
}

export function Peeking({ metric, report, name }: { metric: ProveMetric; report: ProveReport; name: string }) {
    const alpha = 1 - report.confidence;
    const rows = RULES.map((rule) => ({ rule: t(`prove.rule.${rule}`), rate: metric.peeking[rule]?.rate ?? 0 }));
    const draw = useCallback(
        (lib: Library): PlotOptions => ({
            marginLeft: 152,
            marginBottom: 40,
            style: STYLE,
            x: {
                label: t('prove.peek.x'),
                domain: [0, Math.max(alpha * 2, ...rows.map(({ rate }) => rate * 1.15))],
                tickFormat: (share: number) => formatPercent(share, 0),
                ticks: 4,
            },
            y: { label: null, domain: rows.map(({ rule }) => rule) },
            marks: [
                lib.barX(rows, {
                    x: 'rate',
                    y: 'rule',
                    fill: (row: { rate: number }) => (row.rate > alpha * 1.5 ? 'var(--series-2)' : 'var(--series-1)'),
                }),
                lib.text(rows, {
                    x: 'rate',
                    y: 'rule',
                    text: (row: { rate: number }) => formatPercent(row.rate, 1),
                    dx: 4,
                    textAnchor: 'start',
                }),
                lib.ruleX([alpha], { stroke: 'var(--line-strong)', strokeDasharray: '4 4' }),
            ],
        }),
        [metric, alpha],
    );
    const told = rows.map(({ rule, rate }) => `${rule} ${formatPercent(rate, 1)}`).join(', ');
    return <Plot height={180} draw={draw} label={t('prove.peek.label', { metric: name, rates: told })} />;
}
