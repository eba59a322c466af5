// SPDX-License-Identifier: MIT
// ?mete_preview=1 opens the overlay for testing, ?mete_preview=CAMPAIGN:VARIANT shows a variant,
// ?mete_preview=mpv_… the draft of a signed link, and ?mete_preview=off ends it. It lasts as long as the tab.
// Nothing is counted meanwhile.

import type { Run } from './run';
import { tried } from './tool';
import type { Attributes, Options, Reply } from './types';

const NAME = 'mete_preview';

export interface PreviewModule {
    open(context: PreviewContext): Promise<void>;
}

export interface PreviewContext {
    options: Options;
    preview: string;
    visitor: string;
    /** Makes the page what these decisions want. */
    show(reply: Reply): Promise<void>;
    /** Ends the preview: the visitor is decided about, and counted, as any other. */
    ordinary(): Promise<void>;
    attributes(): Attributes;
    runs(): Run[];
}

export const keepPreview = (value: string): void => tried(() => sessionStorage.setItem(NAME, value));

export function findPreview(): string {
    const asked = new URLSearchParams(location.search).get(NAME);
    if (asked !== null) keepPreview(asked);
    const value = asked || tried(() => sessionStorage.getItem(NAME)) || '';
    return value === 'off' ? '' : value;
}
