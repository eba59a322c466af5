// SPDX-License-Identifier: GPL-3.0-or-later
// The verdict and its cautions in the reader's language, with names for keys: the API tells the rule and its figures.
import type { Results, ResultsCaution, ResultsFigures, ResultsMetric } from '../../../generated/results';
import { metricName } from '../../lib/builtIn';
import { formatNumber, formatPercent, formatUplift, t } from '../../lib/i18n';
import { formatTwoDigits, formatValue } from './format';

/* The document with the metrics called in the reader's language. */
export const inWords = (results: Results): Results => ({
    ...results,
    metrics: results.metrics.map((metric) => ({ ...metric, name: metricName(metric) })),
});

const uplift = (value: number | null): string => (value === null ? '' : ` (${formatUplift(value)})`);
const percent = (value: number | null): string => formatPercent(value ?? 0, 1);

interface Said {
    variant: string | null;
    figures: ResultsFigures;
}

type Names = Record<string, string>;

const metricOf = (results: Results, name: string | null): ResultsMetric | undefined =>
    results.metrics.find((metric) => metric.name === name);

function valuesOf(results: Results, { variant, figures }: Said, names: Names): Record<string, string> {
    const metric = metricOf(results, figures.metric);
    const { verdict } = results;
    return {
        variant: variant === null ? '' : (names[variant] ?? variant),
        metric: metric ? metricName(metric) : (figures.metric ?? ''),
        uplift: uplift(figures.uplift),
        p: formatTwoDigits(figures.p ?? 0),
        days: formatNumber(verdict.days, 1),
        units: formatNumber(verdict.units),
        needed: formatNumber(Math.ceil(verdict.needed_units ?? 0)),
        minimum: percent(figures.minimum_uplift),
        campaign: figures.campaign ?? '',
        other: figures.campaign_variant ?? '',
        with: uplift(figures.uplift_with),
        without: uplift(figures.uplift_without),
        largest: metric ? formatValue(metric, figures.largest, results.currency) : formatNumber(figures.largest ?? 0),
        share: percent(figures.share),
    };
}

/* 'results' as they came, not in words. */
export function sayVerdict(results: Results, names: Names): string {
    const { verdict } = results;
    const { rule, figures } = verdict;
    const values = valuesOf(results, verdict, names);
    if (verdict.units === 0 && rule === 'few_conversions') return t('say.no_visitors');
    if (rule === 'interaction') return t('say.interaction', { what: t('say.works_differently', values) });
    if (rule === 'loser' && verdict.variant === null) return t('say.loser.all', values);
    if (rule === 'underpowered' && figures.days_left === null) return t('say.underpowered.open', values);
    return t(`say.${rule}`, { ...values, count: figures.days_left ?? figures.conversions ?? 0 });
}

export function sayCaution(results: Results, caution: ResultsCaution, names: Names): string {
    const rule = caution.rule === 'interaction' ? 'works_differently' : caution.rule;
    return t(`say.${rule}`, valuesOf(results, caution, names));
}
