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
    namesOf(prefix: string): string[];
}

export function createStore(area: 'localStorage' | 'sessionStorage', allowed: () => boolean): Store {
    const memory = new Map<string, string>();
    const store = tried(() => window[area], null);
    return {
        namesOf: (prefix) =>
            [...tried(() => Object.keys(store!), []), ...memory.keys()]
                .filter((name) => name.startsWith(PREFIX + prefix))
                .map((name) => name.slice(PREFIX.length)),
        get: (name) => tried(() => JSON.parse(memory.get(PREFIX + name) || store!.getItem(PREFIX + name)!), null),
        set(name, value) {
            if (!allowed()) return;
            const full = PREFIX + name;
            const text = tried(() => JSON.stringify(value), 'null');
            memory.set(full, text);
            tried(() => {
                store!.setItem(full, text);
                memory.delete(full);
            });
        },
        remove(name) {
            memory.delete(PREFIX + name);
            tried(() => store!.removeItem(PREFIX + name));
        },
    };
}
