// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of results in the user's words.
import { currentLocale, formatNumber, formatPercent, formatUplift, hasMessage, t } from '../../lib/i18n';
import type { ResultsMetric } from '../../../generated/results';
import { isBounded, type Interval } from './shown';

export const UNKNOWN = '–';

/* The value of an arm: a share, money, or a plain number. */
export function formatValue(metric: ResultsMetric, value: number | null, currency: string): string {
    if (value === null) return UNKNOWN;
    if (metric.kind === 'conversion' || metric.kind === 'retention') return formatPercent(value, 2);
    if (metric.unit === 'money') {
        return new Intl.NumberFormat(currentLocale(), { style: 'currency', currency }).format(value);
    }
    return formatNumber(value, 3);
}

export const formatShift = (uplift: number | null): string => (uplift === null ? UNKNOWN : formatUplift(uplift, 1));

/* "+1.2 % to +5.0 %"; an open end says so. */
export function formatRange(interval: Interval): string {
    if (!interval) return UNKNOWN;
    const end = (value: number | null) => (value === null ? '∞' : formatUplift(value, 1));
    return t('results.range', { low: end(interval[0]), high: end(interval[1]) });
}

export function formatP(p: number | null): string {
    if (p === null) return UNKNOWN;
    return p < 0.0001 ? '< 0.0001' : new Intl.NumberFormat(currentLocale(), { maximumSignificantDigits: 2 }).format(p);
}

export function formatChance(chance: number | null): string {
    if (chance === null) return UNKNOWN;
    if (chance > 0.999) return `> ${formatPercent(0.999, 1)}`;
    return chance < 0.001 ? `< ${formatPercent(0.001, 1)}` : formatPercent(chance, 1);
}

/* The widest end of some intervals, for a common scale; at least a tenth. */
export function reachOf(intervals: Interval[]): number {
    const ends = intervals.filter(isBounded).flat().map(Math.abs);
    return Math.min(3, Math.max(0.02, ...ends) * 1.1);
}

/* What a warning of the API means. */
export function warningText(warning: string): string {
    const key = `results.warning.${warning}`;
    return hasMessage(key) ? t(key) : warning;
}
