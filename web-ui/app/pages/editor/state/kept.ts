// SPDX-License-Identifier: GPL-3.0-or-later
// What was typed and is not on the server yet, kept in the browser: a reload, a crash or a lost connection loses
// nothing.
import type { Edits } from './document';

const nameOf = (environment: string, key: string) => `mete.draft.${environment}.${key}`;

export function readKept(environment: string, key: string): Edits {
    try {
        return JSON.parse(localStorage.getItem(nameOf(environment, key)) ?? '{}') as Edits;
    } catch {
        return {};
    }
}

export function writeKept(environment: string, key: string, edits: Edits): void {
    try {
        if (Object.keys(edits).length > 0) localStorage.setItem(nameOf(environment, key), JSON.stringify(edits));
        else localStorage.removeItem(nameOf(environment, key));
    } catch {
        /* a full or forbidden storage takes nothing away from what is on the page */
    }
}
