// SPDX-License-Identifier: MIT
// What the page does by itself: it moves on to another address, it fills a data layer.

import { listen, tried } from './tool';

const LOOK_MS = 500;

/** Calls fn once there is something in the page's data layer for the part that reads it. */
export function awaitDataLayer(name: string, fn: () => void): () => void {
    const root = window as any;
    const mine: any[] = [];
    const end = (): void => clearInterval(timer);
    const begin = (): void => {
        end();
        fn();
    };
    const timer = setInterval(() => tried(() => root[name] !== mine && begin()), LOOK_MS);
    tried(() => {
        if (root[name]) return begin();
        mine.push = (...entries) => {
            delete (mine as any).push;
            begin();
            return Array.prototype.push.apply(mine, entries);
        };
        root[name] = mine;
    });
    return end;
}

/** Calls fn after each change of the address, also by the page's own scripts. */
export function watchAddress(fn: () => void): () => void {
    let last = location.href;
    let isOver = false;
    const check = (): void => {
        if (isOver || location.href === last) return;
        last = location.href;
        fn();
    };
    (['pushState', 'replaceState'] as const).forEach((name) => {
        const before = history[name];
        const after = function (this: History, ...rest: any[]): void {
            (before as any).apply(this, rest);
            check();
        };
        tried(() => (history[name] = after));
    });
    const ends = [listen(window, 'popstate', check), listen(window, 'hashchange', check)];
    return () => {
        isOver = true;
        ends.forEach((end) => end());
    };
}
