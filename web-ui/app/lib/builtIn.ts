// SPDX-License-Identifier: GPL-3.0-or-later
// What comes with each environment is called in the reader's language, while nobody has given it another name.
import { hasMessage, t } from './i18n';

interface Named {
    key: string;
    name: string;
}

const METRICS: Record<string, string> = {
    conversion_rate: 'Conversion rate',
    add_to_basket_rate: 'Add-to-basket rate',
    average_order_value: 'Average order value',
    revenue_per_visitor: 'Revenue per visitor',
    items_per_order: 'Items per order',
};
const DIMENSIONS: Record<string, string> = {
    device: 'Device',
    country: 'Country',
    visitor_type: 'New or returning',
};

const nameIn = (table: Record<string, string>, prefix: string, { key, name }: Named): string => {
    const message = `${prefix}.${key}`;
    const isOwn = name !== '' && name !== key && name !== table[key];
    return isOwn || !hasMessage(message) ? name || key : t(message);
};

export const metricName = (metric: Named): string => nameIn(METRICS, 'metric', metric);
export const dimensionName = (dimension: Named): string => nameIn(DIMENSIONS, 'results.dimension', dimension);

/* What a metric measures, in a sentence. */
export function metricText(metric: Named & { description: string }): string {
    const message = `metric.${metric.key}.text`;
    return METRICS[metric.key] === metric.name && hasMessage(message) ? t(message) : metric.description;
}
