// SPDX-License-Identifier: GPL-3.0-or-later
// For whom the effect is another one: what one half of the visitors suggests, and the other half says of it.
import type { ResultsFindings, ResultsMetric } from '../../../../generated/results';
import { useState } from 'preact/hooks';
import { formatNumber, formatPercent, hasMessage, t, type MessageKey } from '../../../lib/i18n';
import { useQuery } from '../../../lib/query';
import { Loaded } from '../../../ui/feedback';
import { Badge } from '../../../ui/parts';
import { Table, type Column } from '../../../ui/Table';
import { formatP, formatShift, shiftFormat } from '../format';
import { Stratified } from './Stratified';

type Searched = NonNullable<ResultsFindings['findings']>;
type Finding = Searched['list'][number];

const dimensionName = (key: string): string => {
    const message = `results.dimension.${key}`;
    return hasMessage(message) ? t(message as MessageKey) : key;
};

/* In words: found, a hint (the half alone would call it, all questions together do not), or nothing. */
function Sureness({ finding, alpha }: { finding: Finding; alpha: number }) {
    if (finding.is_found) return <Badge tone="warn">{t('insight.findings.found')}</Badge>;
    if (finding.p !== null && finding.p <= alpha) return <Badge tone="accent">{t('insight.findings.hint')}</Badge>;
    return <Badge>{t('insight.findings.nothing')}</Badge>;
}

type Write = (difference: number) => string;

function sentence(finding: Finding, names: Record<string, string>, write: Write): string {
    return t('insight.findings.sentence', {
        variant: names[finding.variant] ?? finding.variant,
        dimension: dimensionName(finding.dimension),
        value: finding.value,
        here: write(finding.here.difference),
        elsewhere: write(finding.elsewhere.difference),
        p: formatP(finding.adjusted_p),
    });
}

interface ListProps {
    search: Searched;
    metric: ResultsMetric | undefined;
    currency: string;
    names: Record<string, string>;
}

function List({ search, metric, currency, names }: ListProps) {
    /* It is the differences that are compared, so these are shown; the uplift stands beside them. */
    const write = metric
        ? shiftFormat(metric, 'absolute', currency)
        : (difference: number) => formatNumber(difference, 3);
    const both = ({ difference, uplift }: Finding['here']) => `${write(difference)} (${formatShift(uplift)})`;
    const found = search.list.filter(({ is_found }) => is_found);
    const columns: Column<Finding>[] = [
        {
            key: 'value',
            label: t('insight.findings.value'),
            isHead: true,
            cell: ({ dimension, value }) => `${dimensionName(dimension)}: ${value}`,
        },
        { key: 'variant', label: t('results.variant'), cell: ({ variant }) => names[variant] ?? variant },
        {
            key: 'here',
            label: t('insight.findings.here'),
            isNumber: true,
            cell: ({ here }) => both(here),
        },
        {
            key: 'elsewhere',
            label: t('insight.findings.elsewhere'),
            isNumber: true,
            cell: ({ elsewhere }) => both(elsewhere),
        },
        {
            key: 'p',
            label: t('insight.findings.p'),
            isNumber: true,
            cell: ({ adjusted_p }) => formatP(adjusted_p),
        },
        {
            key: 'sure',
            label: t('insight.findings.sure'),
            cell: (finding) => <Sureness finding={finding} alpha={search.alpha} />,
        },
    ];
    return (
        <>
            {found.length === 0 && <p>{t('insight.findings.alike')}</p>}
            {found.map((finding) => (
                <p key={`${finding.dimension}/${finding.variant}`}>{sentence(finding, names, write)}</p>
            ))}
            <Table
                caption={t('insight.findings.title')}
                columns={columns}
                rows={search.list}
                rowKey={({ dimension, variant }) => `${dimension}/${variant}`}
            />
            <p class="small soft">{t('insight.findings.note', { share: formatPercent(search.alpha, 0) })}</p>
        </>
    );
}

interface FindingsProps {
    campaign: string;
    phase: number;
    metrics: ResultsMetric[];
    currency: string;
    names: Record<string, string>;
}

function Search({ campaign, phase, metrics, currency, names }: FindingsProps) {
    const query = useQuery<ResultsFindings>(`/campaigns/${encodeURIComponent(campaign)}/findings?phase=${phase}`);
    return (
        <Loaded query={query} lines={4}>
            {({ findings, confidence }) => {
                const metric = metrics.find(({ key }) => key === findings?.metric);
                return (
                    <>
                        <p class="small soft">
                            {t('insight.findings.text', { metric: metric?.name ?? metrics[0]?.name ?? '' })}
                        </p>
                        {findings === null || findings.list.length === 0 ? (
                            <p class="soft">{t('insight.findings.none')}</p>
                        ) : (
                            <List search={findings} metric={metric} currency={currency} names={names} />
                        )}
                        {findings !== null && findings.stratified.length > 0 && (
                            <Stratified list={findings.stratified} confidence={confidence} names={names} />
                        )}
                    </>
                );
            }}
        </Loaded>
    );
}

/* Asked for when it is opened: all sums by all dimensions are read. */
export function Findings(props: FindingsProps) {
    const [isOpened, setOpened] = useState(false);
    return (
        <details class="card" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
            <summary>
                <h2>{t('insight.findings.title')}</h2>
            </summary>
            <div class="stack">{isOpened && <Search {...props} />}</div>
        </details>
    );
}
