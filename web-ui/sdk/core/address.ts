// SPDX-License-Identifier: MIT
// Addresses as they are reported: without what only their visitor should know.

import type { Attributes } from './types';

const MAIL = /[^\s/?&=#:;,<>"]+(@|%40)[\w.-]+\.[a-z]{2,}/gi;

export const scrub = (text: string): string => text.replace(MAIL, '(email)');

/** The texts without e-mail addresses. */
export function scrubAll(properties: Attributes): Attributes {
    Object.keys(properties).forEach((name) => {
        const value = properties[name];
        if (typeof value === 'string') properties[name] = scrub(value);
    });
    return properties;
}
