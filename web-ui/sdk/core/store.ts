// SPDX-License-Identifier: MIT
// What is kept in the browser: JSON under names that begin with "mete.". Nothing is written while
// 'allowed' says no; where there is no storage, memory serves until the page goes.

import { tried } from './tool';

const PREFIX = 'mete.';

export interface Store {
    get<T>(name: string): T | null;
    set(name: string, value: unknown): void;
    remove(name: string): void;
    /** What there is under names that begin so. */
    names(prefix: string): string[];
}

export function createStore(area: 'localStorage' | 'sessionStorage', allowed: () => boolean): Store {
    const memory = new Map<string, string>();
    const store = tried(() => window[area], null);
    return {
        names: (prefix) =>
            tried(() => Object.keys(store!), [])
                .concat([...memory.keys()].map((name) => PREFIX + name))
                .filter((name) => name.indexOf(PREFIX + prefix) === 0)
                .map((name) => name.slice(PREFIX.length)),
        get(name) {
            const text = memory.get(name) || tried(() => store!.getItem(PREFIX + name), null);
            return tried(() => (text === null ? null : JSON.parse(text)), null);
        },
        set(name, value) {
            if (!allowed()) return;
            const text = tried(() => JSON.stringify(value), 'null');
            memory.set(name, text);
            tried(() => {
                store!.setItem(PREFIX + name, text);
                memory.delete(name);
            });
        },
        remove(name) {
            memory.delete(name);
            tried(() => store!.removeItem(PREFIX + name));
        },
    };
}
