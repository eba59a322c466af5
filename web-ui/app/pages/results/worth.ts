// SPDX-License-Identifier: GPL-3.0-or-later
// What the verdict is worth, in sentences: never without the interval, and open where that holds nothing.
import type { Results } from '../../../generated/results';
import { formatNumber, formatPercent, t, type MessageKey } from '../../lib/i18n';
import { formatAmount } from './format';
import type { Interval } from './shown';

const THOUSAND = 1000;

type Span = 'thousand' | 'month';
const MESSAGES: Record<Span, Record<'more' | 'less' | 'open', MessageKey>> = {
    thousand: { more: 'hero.money.more', less: 'hero.money.less', open: 'hero.money.open' },
    month: { more: 'hero.month.more', less: 'hero.month.less', open: 'hero.month.open' },
};

function sideOf([low, high]: [number | null, number | null]): 'more' | 'less' | 'open' {
    if (low !== null && low > 0) return 'more';
    return high !== null && high < 0 ? 'less' : 'open';
}

function sentence(span: Span, amount: number | null, interval: Interval, results: Results): string[] {
    if (amount === null || interval === null) return [];
    const { currency, money, traffic } = results;
    const end = (value: number | null, open: string) => (value === null ? open : formatAmount(value, currency, true));
    const [low, high] = [end(interval[0], '−∞'), end(interval[1], '∞')];
    const sure = formatPercent(money?.confidence ?? 0, 0);
    const values = {
        amount: formatAmount(Math.abs(amount), currency),
        low,
        high,
        confidence: sure,
        range: t('hero.interval', { confidence: sure, low, high }),
        thousand: formatNumber(THOUSAND),
        units: formatNumber(Math.round(traffic.month_units ?? 0)),
    };
    return [t(MESSAGES[span][sideOf(interval)], values)];
}

/* Nothing where nothing may be said. */
export function worthOf(results: Results): string[] {
    const { money } = results;
    if (!money) return [];
    return [
        ...sentence('thousand', money.per_thousand, money.per_thousand_interval, results),
        ...sentence('month', money.per_month, money.per_month_interval, results),
    ];
}
