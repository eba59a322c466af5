// SPDX-License-Identifier: MIT
// ?mete_preview=1 opens the overlay for testing, ?mete_preview=CAMPAIGN:VARIANT shows a variant, and
// ?mete_preview=off ends it. It lasts as long as the tab. Nothing is counted meanwhile.

import type { Run } from './run';
import { tried } from './tool';
import type { Attributes, Forced, Options } from './types';

const NAME = 'mete_preview';

export interface PreviewModule {
    open(context: PreviewContext): Promise<void>;
}

export interface PreviewContext {
    options: Options;
    preview: string;
    visitor: string;
    /** Decides again, with these variants. */
    again(forced: Forced): Promise<void>;
    attributes(): Attributes;
    runs(): Run[];
}

export const keepPreview = (value: string): void => tried(() => sessionStorage.setItem(NAME, value));

export function findPreview(): string {
    const asked = new URLSearchParams(location.search).get(NAME);
    if (asked !== null) keepPreview(asked);
    const value = asked !== null ? asked : tried(() => sessionStorage.getItem(NAME), null);
    return value && value !== 'off' ? value : '';
}
