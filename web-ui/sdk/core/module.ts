// SPDX-License-Identifier: MIT
// Parts that few pages need: given along by a bundler, or loaded from the edge as scripts.

import { trusted } from './tool';
import type * as late from '../late/late';
import type { Options } from './types';

const loading: { [name: string]: Promise<any> } = {};

export const MODULE = 'mete:';

/** Calls fn when the part is there, not when it cannot be loaded; then end, in both cases. */
export type LoadLate = (fn: (part: typeof late) => void, end?: () => void) => void;

export function loadModule<T>(options: Options, name: string): Promise<T> {
    const given = options.modules && options.modules[name];
    if (given) return Promise.resolve(given as T);
    return (loading[name] =
        loading[name] ||
        new Promise((resolve, reject) => {
            const script = document.createElement('script');
            if (options.nonce) script.nonce = options.nonce;
            script.src = trusted('createScriptURL', `${options.edge}/sdk-${name}.js`);
            script.onload = () => resolve((window as any)[MODULE + name]);
            script.onerror = reject;
            document.documentElement.appendChild(script);
        }));
}
