// SPDX-License-Identifier: MIT
// What a preview shows: the configuration, and in front of it the draft of a signed link.

import { url } from '../core/decide';
import type { Forced, Options } from '../core/types';
import type { Config } from '../local/evaluate';
import { word } from './words';

export interface Names {
    [campaign: string]: { name: string; variants: { [variant: string]: string } };
}

interface Draft {
    campaign: string;
    variant: string;
    expires_at: string;
    names: Names;
    config: Config;
}

export interface Shown {
    config: Config;
    names: Names;
    /** When the link ends; without a link nothing does. */
    until?: string;
    forced: Forced;
}

const TOKEN = /^mpv_[^,]*/;

export const tokenOf = (preview: string): string => (TOKEN.exec(preview) || [''])[0]!;

export const readForced = (preview: string): Forced =>
    preview.split(',').reduce<Forced>((forced, part) => {
        const [campaign, variant] = part.split(':');
        return variant ? { ...forced, [campaign!]: variant } : forced;
    }, {});

/** As it is kept for the tab. */
export const write = (token: string, forced: Forced): string =>
    [token, ...Object.keys(forced).map((campaign) => `${campaign}:${forced[campaign]}`)].filter(Boolean).join() || '1';

const UNFIT = 409;

const post = (token: string): RequestInit => ({ method: 'POST', body: JSON.stringify({ token }) });

async function ask<T>(address: string, init: RequestInit, isKnownOnly = false): Promise<T> {
    const response = await fetch(address, { credentials: 'omit', ...init }).catch(() => null);
    if (!response) throw new Error(word('unreached'));
    const body = await response.json();
    if (isKnownOnly && response.status === UNFIT) return body;
    if (!response.ok) throw new Error(word(response.status === UNFIT ? 'unfit' : 'refused', { why: body.detail }));
    return body;
}

const withDraft = (config: Config, draft: Config): Config => ({
    ...config,
    campaigns: [
        ...draft.campaigns,
        ...config.campaigns.filter((c) => !draft.campaigns.some(({ campaign }) => campaign === c.campaign)),
    ],
    page: { ...config.page, campaigns: { ...config.page.campaigns, ...draft.page.campaigns } },
});

/** Throws unless the edge knows the link; that its draft can be shown is not needed. */
export const checkToken = (options: Options, token: string): Promise<unknown> =>
    ask(url(options, 'preview?'), post(token), true);

export async function findShown(options: Options, preview: string): Promise<Shown> {
    const token = tokenOf(preview);
    const forced = readForced(preview);
    const [config, draft] = await Promise.all([
        ask<Config>(url(options, 'config?'), {}),
        token ? ask<Draft>(url(options, 'preview?'), post(token)) : null,
    ]);
    if (!draft) return { config, names: {}, forced };
    return {
        config: withDraft(config, draft.config),
        names: draft.names,
        until: draft.expires_at,
        forced: { [draft.campaign]: draft.variant, ...forced },
    };
}
