// SPDX-License-Identifier: GPL-3.0-or-later
// The effect as it would be if both arms had the same mix of visitors: what the mix of each dimension moved by chance.
import type { ResultsFindings } from '../../../../generated/results';
import { dimensionName } from '../../../lib/builtIn';
import { formatPercent, t } from '../../../lib/i18n';
import { Table, type Column } from '../../../ui/Table';
import { formatRange, formatShift, UNKNOWN } from '../format';

type One = NonNullable<ResultsFindings['findings']>['stratified'][number];

interface StratifiedProps {
    list: One[];
    confidence: number;
    names: Record<string, string>;
}

export function Stratified({ list, confidence, names }: StratifiedProps) {
    const columns: Column<One>[] = [
        {
            key: 'dimension',
            label: t('insight.stratified.dimension'),
            isHead: true,
            cell: ({ dimension }) => dimensionName({ key: dimension, name: dimension }),
        },
        { key: 'variant', label: t('results.variant'), cell: ({ variant }) => names[variant] ?? variant },
        {
            key: 'measured',
            label: t('insight.stratified.measured'),
            isNumber: true,
            cell: ({ measured_uplift }) => formatShift(measured_uplift),
        },
        {
            key: 'uplift',
            label: t('insight.stratified.uplift'),
            isNumber: true,
            cell: ({ uplift }) => formatShift(uplift),
        },
        {
            key: 'interval',
            label: t('insight.stratified.interval', { confidence: formatPercent(confidence, 0) }),
            isNumber: true,
            cell: ({ uplift_interval }) => formatRange(uplift_interval),
        },
        {
            key: 'saved',
            label: t('insight.stratified.saved'),
            isNumber: true,
            cell: ({ variance_reduction: saved }) => (saved === null ? UNKNOWN : formatPercent(saved, 1)),
        },
    ];
    return (
        <div class="stack-small">
            <h3>{t('insight.stratified.title')}</h3>
            <p class="small soft">{t('insight.stratified.text')}</p>
            <Table
                caption={t('insight.stratified.title')}
                columns={columns}
                rows={list}
                rowKey={({ dimension, variant }) => `${dimension}/${variant}`}
            />
        </div>
    );
}
