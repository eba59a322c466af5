// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of results in the user's words.
import { currentLocale, formatNumber, formatPercent, formatUplift, hasMessage, t } from '../../lib/i18n';
import type { ResultsMetric } from '../../../generated/results';
import { isBounded, type Interval, type Scale } from './shown';

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

/* Money with few digits, since it is an estimate: "€31,000". 'sign' puts a + before what is more. */
export function formatAmount(value: number, currency: string, sign = false): string {
    return new Intl.NumberFormat(currentLocale(), {
        style: 'currency',
        currency,
        maximumSignificantDigits: 3,
        signDisplay: sign ? 'exceptZero' : 'auto',
    }).format(value);
}

/* How the shifts of a metric are written, by scale. */
export function shiftFormat(metric: ResultsMetric, scale: Scale, currency: string): (shift: number) => string {
    if (scale === 'relative') return (shift) => formatUplift(shift, 1);
    if (metric.unit === 'money') return (shift) => formatAmount(shift, currency, true);
    const isShare = metric.kind === 'conversion' || metric.kind === 'retention';
    const format = new Intl.NumberFormat(currentLocale(), { maximumSignificantDigits: 3, signDisplay: 'exceptZero' });
    return (shift) =>
        isShare && scale === 'absolute'
            ? t('results.points', { points: format.format(shift * 100) })
            : format.format(shift);
}

export const writeOr = (value: number | null, write: (value: number) => string): string =>
    value === null ? UNKNOWN : write(value);

/* "+1.2 % to +5.0 %"; an open end says so. */
export function formatRange(
    interval: Interval,
    write: (shift: number) => string = (end) => formatUplift(end, 1),
): string {
    if (!interval) return UNKNOWN;
    const [low, high] = interval;
    return t('results.range', { low: low === null ? '−∞' : write(low), high: high === null ? '∞' : write(high) });
}

/* However small: "0.0000016", "3.2E-160". */
export const formatTwoDigits = (value: number): string =>
    new Intl.NumberFormat(currentLocale(), {
        maximumSignificantDigits: 2,
        notation: value !== 0 && Math.abs(value) < 1e-9 ? 'scientific' : 'standard',
    }).format(value);

export function formatP(p: number | null): string {
    if (p === null) return UNKNOWN;
    return p < 0.0001 ? '< 0.0001' : formatTwoDigits(p);
}

export function formatChance(chance: number | null): string {
    if (chance === null) return UNKNOWN;
    if (chance > 0.999) return `> ${formatPercent(0.999, 1)}`;
    return chance < 0.001 ? `< ${formatPercent(0.001, 1)}` : formatPercent(chance, 1);
}

const UPLIFT_LEAST = 0.01;
const UPLIFT_MOST = 3;

/* From where to where an axis goes that holds some intervals, and nothing in between them and no difference: of
   uplifts at most 300 % to either side, and 1 % at least. */
export function spanOf(intervals: Interval[], scale: Scale = 'relative'): [number, number] {
    const ends = intervals.filter(isBounded).flat();
    const most = scale === 'relative' ? UPLIFT_MOST : Infinity;
    const low = Math.max(-most, Math.min(0, ...ends));
    const high = Math.min(most, Math.max(0, ...ends));
    const least = scale === 'relative' ? UPLIFT_LEAST : high - low > 0 ? 0 : 1;
    const pad = Math.max(0.06 * (high - low), least / 2);
    return [low - pad, high + pad];
}

/* What a warning of the API means. */
export function warningText(warning: string): string {
    const key = `results.warning.${warning}`;
    return hasMessage(key) ? t(key) : warning;
}
