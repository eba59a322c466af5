// SPDX-License-Identifier: GPL-3.0-or-later
// What the metric that decides tells besides the verdict: which variant is the best, how much of a winner is luck, and
// whether more days would help.
import type { Results, ResultsInsight, ResultsMetric } from '../../../../generated/results';
import { formatNumber, formatPercent, t } from '../../../lib/i18n';
import { Table, type Column } from '../../../ui/Table';
import { formatChance, formatRange, formatShift, formatValue, UNKNOWN } from '../format';

type Arm = ResultsInsight['variants'][number];
type Outlook = ResultsInsight['outlook'][number];

interface PartProps {
    insight: ResultsInsight;
    metric: ResultsMetric;
    results: Results;
    names: Record<string, string>;
}

function Chance({ value }: { value: number | null }) {
    if (value === null) return <>{UNKNOWN}</>;
    return (
        <div class="chance">
            <span class="number">{formatChance(value)}</span>
            <div class="meter" aria-hidden="true">
                <span style={{ width: `${value * 100}%` }} />
            </div>
        </div>
    );
}

function Best({ insight, metric, results, names }: PartProps) {
    if (insight.status !== 'ok') return <p class="soft">{t('insight.best.none')}</p>;
    const columns: Column<Arm>[] = [
        { key: 'name', label: t('results.variant'), isHead: true, cell: ({ key }) => names[key] ?? key },
        {
            key: 'chance',
            label: t('insight.best.chance'),
            cell: ({ chance_to_be_best }) => <Chance value={chance_to_be_best} />,
        },
        {
            key: 'loss',
            label: t('insight.best.loss'),
            isNumber: true,
            cell: ({ expected_loss }) => formatValue(metric, expected_loss, results.currency),
        },
    ];
    return (
        <>
            <p class="small soft">{t('insight.best.text', { metric: metric.name })}</p>
            <Table
                caption={t('insight.best.title')}
                columns={columns}
                rows={insight.variants}
                rowKey={({ key }) => key}
            />
        </>
    );
}

function Corrected({ insight, metric, results, names }: PartProps) {
    const called = insight.variants.filter(({ corrected }) => corrected && corrected.uplift !== null);
    if (called.length === 0) return null;
    const measuredOf = (key: string) =>
        metric.variants.find((arm) => arm.key === key)?.effect?.frequentist.uplift ?? null;
    return (
        <div class="stack-small">
            <h3>{t('insight.corrected.title')}</h3>
            {called.map(({ key, corrected }) => (
                <p key={key}>
                    {t((measuredOf(key) ?? 0) < 0 ? 'insight.corrected.worse' : 'insight.corrected.better', {
                        variant: names[key] ?? key,
                        measured: formatShift(measuredOf(key)),
                        uplift: formatShift(corrected!.uplift),
                        confidence: formatPercent(results.confidence, 0),
                        range: formatRange(corrected!.uplift_interval),
                    })}
                </p>
            ))}
        </div>
    );
}

/* From when on more days are worth waiting for, and until when they hardly are. */
const LIKELY = 0.5;
const UNLIKELY = 0.1;

function outlookText({ outlook, leader }: ResultsInsight, names: Record<string, string>): string {
    const either = ({ better, worse }: Outlook) => better + worse;
    const enough = outlook.find((one) => either(one) >= LIKELY);
    const shown = enough ?? outlook[outlook.length - 1]!;
    const kind = enough ? 'yes' : either(shown) >= UNLIKELY ? 'maybe' : 'no';
    return t(`insight.outlook.${kind}`, {
        count: shown.days,
        variant: names[leader ?? ''] ?? leader ?? '',
        better: formatPercent(shown.better, 0),
        worse: formatPercent(shown.worse, 0),
        either: formatPercent(either(shown), 0),
    });
}

function Ahead({ insight, names }: Pick<PartProps, 'insight' | 'names'>) {
    const columns: Column<Outlook>[] = [
        { key: 'days', label: t('insight.outlook.days'), isHead: true, cell: ({ days }) => formatNumber(days) },
        {
            key: 'units',
            label: t('insight.outlook.units'),
            isNumber: true,
            cell: ({ units }) => formatNumber(Math.round(units)),
        },
        {
            key: 'better',
            label: t('insight.outlook.better'),
            isNumber: true,
            cell: ({ better }) => formatChance(better),
        },
        { key: 'worse', label: t('insight.outlook.worse'), isNumber: true, cell: ({ worse }) => formatChance(worse) },
        {
            key: 'minimum',
            label: t('insight.outlook.minimum'),
            isNumber: true,
            cell: ({ at_minimum }) => formatChance(at_minimum),
        },
    ];
    return (
        <div class="stack-small">
            <h3>{t('insight.outlook.title')}</h3>
            <p>{outlookText(insight, names)}</p>
            <Table
                caption={t('insight.outlook.title')}
                columns={columns}
                rows={insight.outlook}
                rowKey={({ days }) => String(days)}
            />
            <p class="small soft">{t('insight.outlook.note')}</p>
        </div>
    );
}

/* Nothing where the results tell nothing. */
export function Insight({ results, names }: { results: Results; names: Record<string, string> }) {
    const { insight } = results;
    const metric = results.metrics.find(({ key }) => key === insight?.metric);
    if (!insight || !metric) return null;
    const part = { insight, metric, results, names };
    return (
        <section class="card stack" aria-labelledby="insight">
            <h2 id="insight">{t('insight.title')}</h2>
            <Corrected {...part} />
            {insight.outlook.length > 0 && <Ahead insight={insight} names={names} />}
            <div class="stack-small">
                <h3>{t('insight.best.title')}</h3>
                <Best {...part} />
            </div>
        </section>
    );
}
