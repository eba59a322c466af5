// SPDX-License-Identifier: MIT
// The script at /sdk.js: reads its own element's data-… and becomes window.mete. Calls that a page
// has pushed before are made up for: mete = [["track", "name", {…}]].

import { createClient, type Client } from '../core/client';
import { tried } from '../core/tool';
import type { Options } from '../core/types';

const root = window as any;
const script = document.currentScript as HTMLScriptElement | null;

/* What is a text there is one here, and what is a list in options may be one text. */
const optionsOf = (data: any, nonce: string): Options => ({
    edge: script!.src.replace(/\/[^/]*$/, ''),
    ...data,
    timeout: data.timeout || undefined,
    local: data.local !== undefined,
    pageViews: data.pageViews !== 'off',
    gate: data.gate !== 'off',
    attributes: tried(() => JSON.parse(data.attributes)),
    nonce,
});

if (script && script.dataset.key && !(root.mete && root.mete.track)) {
    const early: any[][] = Array.isArray(root.mete) ? root.mete : [];
    const client: Client = createClient(optionsOf(script.dataset, script.nonce || ''));
    const call = (entry: any[]): unknown => tried(() => (client as any)[entry[0]](...entry.slice(1)));
    tried(() => (root.mete = Object.assign(client, { push: call })));
    early.forEach(call);
}
