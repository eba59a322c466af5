// SPDX-License-Identifier: MIT
// Parts that few pages need: given along by a bundler, or loaded from the edge as scripts.

import { trusted } from './tool';
import type { Options } from './types';

const loading: { [name: string]: Promise<any> } = {};

export const MODULE = 'mete:';

export function loadModule<T>(options: Options, name: string): Promise<T> {
    const given = options.modules && options.modules[name];
    if (given) return Promise.resolve(given as T);
    return (loading[name] = loading[name] || new Promise((resolve, reject) => {
        const script = document.createElement('script');
        if (options.nonce) script.nonce = options.nonce;
        script.src = trusted('createScriptURL', `${options.edge}/sdk-${name}.js`);
        script.onload = () => resolve((window as any)[MODULE + name]);
        script.onerror = reject;
        document.documentElement.appendChild(script);
    }));
}
