// SPDX-License-Identifier: MIT
// Events of a shop. What they hold is mostly as it is counted; the part that reads the rest is loaded then.

import type { Attributes } from './types';

export const COMMERCE = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'];

/** Amounts as texts, currencies that are not three capitals. */
export const isOdd = (properties: Attributes): boolean =>
    /"(value|price|quantity)":"|"currency":"(?![A-Z]{3}")/.test(JSON.stringify(properties));
