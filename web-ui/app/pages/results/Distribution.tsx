// SPDX-License-Identifier: GPL-3.0-or-later
// How the values are spread: quantiles by variant, and the result with large values capped.
import { formatAgo, formatNumber, formatPercent, t } from '../../lib/i18n';
import { Table, type Column } from '../../ui/Table';
import { formatP, formatShift, formatValue, UNKNOWN } from './format';
import type { DistributionArm, ResultsMetric } from '../../../generated/results';

function columnsOf(
    arms: DistributionArm[],
    value: (number: number | null) => string,
    names: Record<string, string>,
): Column<DistributionArm>[] {
    const quantiles = arms[0]?.quantiles.map(({ quantile }) => quantile) ?? [];
    return [
        { key: 'variant', label: t('results.variant'), isHead: true, cell: (arm) => names[arm.key] ?? arm.key },
        {
            key: 'zeros',
            label: t('results.distribution.zeros'),
            isNumber: true,
            cell: (arm) => (arm.units ? formatPercent(arm.zeros / arm.units) : UNKNOWN),
        },
        ...quantiles.map((q): Column<DistributionArm> => ({
            key: `q${q}`,
            label: t('results.distribution.quantile', { percent: formatPercent(q, q > 0.99 ? 1 : 0) }),
            isNumber: true,
            cell: (arm) => value(arm.quantiles.find((one) => one.quantile === q)?.value ?? null),
        })),
        { key: 'largest', label: t('results.distribution.largest'), isNumber: true, cell: (arm) => value(arm.largest) },
        {
            key: 'capped',
            label: t('results.distribution.capped'),
            isNumber: true,
            cell: (arm) => value(arm.capped_value),
        },
        {
            key: 'uplift',
            label: t('results.distribution.cappedUplift'),
            isNumber: true,
            cell: (arm) => (arm.effect ? formatShift(arm.effect.capped.uplift) : t('results.control')),
        },
        { key: 'p', label: t('results.p'), isNumber: true, cell: (arm) => formatP(arm.effect?.capped.p ?? null) },
    ];
}

export function DistributionTable({
    metric,
    names,
    currency,
}: {
    metric: ResultsMetric;
    names: Record<string, string>;
    currency: string;
}) {
    const distribution = metric.distribution;
    if (!distribution) return <p class="soft">{t('results.distribution.none')}</p>;
    const value = (number: number | null) => formatValue(metric, number, currency);
    const columns = columnsOf(distribution.variants, value, names);
    return (
        <div class="stack-small">
            {distribution.warnings.includes('outlier') && (
                <p class="note note-warn">{t('results.distribution.outlier')}</p>
            )}
            <Table
                caption={t('results.distribution.title')}
                columns={columns}
                rows={distribution.variants}
                rowKey={(arm) => arm.key}
            />
            <p class="small soft">
                {distribution.cap !== null &&
                    t('results.distribution.cap', {
                        cap: value(distribution.cap),
                        units: formatNumber(distribution.capped_units),
                    })}{' '}
                {t('results.distribution.asOf', { ago: formatAgo(distribution.as_of) })}
            </p>
        </div>
    );
}
