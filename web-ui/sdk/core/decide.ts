// SPDX-License-Identifier: MIT
// Asking for decisions: the edge, or the configuration where the browser decides itself. The last
// answer is kept; it holds for as long as what audiences ask about is the same.

import type { evaluate } from '../local/evaluate';
import { loadModule } from './module';
import type { Store } from './store';
import { now, post } from './tool';
import type { Attributes, Options, Reply } from './types';

const KEPT_MS = 86_400_000;

export interface LocalModule {
    evaluate: typeof evaluate;
}

interface Kept {
    key: string;
    at: number;
    asked: string;
    reply: Reply;
}

/** The values that audiences ask about, to see whether they have changed. */
export const askedOf = (reply: Reply, attributes: Attributes): string =>
    JSON.stringify(reply.page.asks.map((name) => attributes[name]));

export const url = (options: Options, path: string): string =>
    `${options.edge}/v1/${path}key=${encodeURIComponent(options.key)}`;

const json = (response: Response): Promise<any> => (response.ok ? response.json() : Promise.reject(response.status));

/** Of the edge. Text, so that the browser need not ask whether it may send it. */
const askEdge = (options: Options, visitor: string, attributes: Attributes): Promise<Reply> =>
    post(url(options, 'decide?page=1&'), {
        method: 'POST',
        body: JSON.stringify({ visitor_id: visitor, attributes }),
    }).then(json);

const askLocal = (options: Options, visitor: string, attributes: Attributes): Promise<Reply> =>
    Promise.all([loadModule<LocalModule>(options, 'local'), post(url(options, 'config?')).then(json)]).then(
        ([local, config]) => local.evaluate(config, visitor, attributes, now()),
    );

export const ask = (options: Options, visitor: string, attributes: Attributes): Promise<Reply> =>
    (options.local ? askLocal : askEdge)(options, visitor, attributes);

export function findKept(options: Options, store: Store, visitor: string, attributes: Attributes): Reply | null {
    const kept = store.get<Kept>('d');
    const holds =
        kept &&
        kept.key === options.key &&
        kept.reply.visitor_id === visitor &&
        now() - kept.at < KEPT_MS &&
        kept.asked === askedOf(kept.reply, attributes);
    return holds ? kept!.reply : null;
}

export const keep = (options: Options, store: Store, reply: Reply, attributes: Attributes): void =>
    store.set('d', { key: options.key, at: now(), asked: askedOf(reply, attributes), reply });
