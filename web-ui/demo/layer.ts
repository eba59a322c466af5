// SPDX-License-Identifier: GPL-3.0-or-later
// What the shop tells its data layer, in the words of GA4. It knows nothing of who listens.

import type { Line } from './basket';

declare global {
    interface Window {
        dataLayer?: unknown[];
    }
}

const euros = (cents: number): number => cents / 100;

export function tell(event: string, lines: Line[], more: { transaction_id?: string; value?: number } = {}): void {
    const value = euros(lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0));
    const items = lines.map(({ product, quantity }) => ({
        item_id: product.id,
        item_name: product.name,
        item_category: product.category,
        price: euros(product.price),
        quantity,
    }));
    (window.dataLayer ??= []).push({ event, ecommerce: { currency: 'EUR', value, items, ...more } });
}
