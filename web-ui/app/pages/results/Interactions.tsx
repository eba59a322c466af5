// SPDX-License-Identifier: GPL-3.0-or-later
// Whether other campaigns change the effect of this one on visitors who met both.
import { t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { Badge } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import type { ResultsInteraction, ResultsMetric } from '../../../generated/results';
import { formatP, formatValue } from './format';

interface InteractionsProps {
    interactions: ResultsInteraction[];
    metrics: ResultsMetric[];
    names: Record<string, string>;
    currency: string;
}

export function Interactions({ interactions, metrics, names, currency }: InteractionsProps) {
    if (interactions.length === 0) return <p class="soft">{t('results.interactions.none')}</p>;
    const effect = (row: ResultsInteraction, value: number | null | undefined) => {
        const metric = metrics.find(({ key }) => key === row.metric);
        return metric ? formatValue(metric, value ?? null, currency) : null;
    };
    const columns: Column<ResultsInteraction>[] = [
        {
            key: 'campaign',
            label: t('results.interactions.campaign'),
            isHead: true,
            cell: (row) => <Link to={`/app/campaigns/${row.campaign}`}>{row.name || row.campaign}</Link>,
        },
        {
            key: 'pair',
            label: t('results.interactions.pair'),
            cell: (row) => `${names[row.variant] ?? row.variant} × ${row.other_variant}`,
        },
        {
            key: 'with',
            label: t('results.interactions.with'),
            isNumber: true,
            cell: (row) => effect(row, row.effect_with?.difference),
        },
        {
            key: 'without',
            label: t('results.interactions.without'),
            isNumber: true,
            cell: (row) => effect(row, row.effect_without?.difference),
        },
        { key: 'p', label: t('results.p'), isNumber: true, cell: (row) => formatP(row.p_value) },
        {
            key: 'found',
            label: t('results.interactions.verdict'),
            cell: (row) => (
                <Badge tone={row.is_found ? 'warn' : 'good'}>
                    {t(row.is_found ? 'results.interactions.found' : 'results.interactions.notFound')}
                </Badge>
            ),
        },
    ];
    return (
        <Table
            caption={t('results.interactions')}
            columns={columns}
            rows={interactions}
            rowKey={(row) => `${row.campaign}/${row.variant}/${row.other_variant}`}
        />
    );
}
