// SPDX-License-Identifier: MIT
// What the page does by itself: it moves on to another address, it fills a data layer.

import { listen, tried } from './tool';

const LOOK_MS = 500;

/** Takes whatever comes into the page's data layer, at once, and what is left when the page goes. A page may put
 * another in its place, or another push, or freeze it: then a look finds it. */
export function watchDataLayer(name: string, take: (entry: unknown) => void): () => void {
    const root = window as any;
    let known: any;
    const look = (): unknown =>
        tried(() => {
            const layer = root[name] || (root[name] = []);
            if (layer !== known)
                tried(() => {
                    const { push } = (known = layer);
                    layer.push = (...entries: any[]) => {
                        const length = push.apply(layer, entries);
                        entries.forEach(take);
                        return length;
                    };
                });
            layer.slice().forEach(take);
        });
    look();
    const timer = setInterval(look, LOOK_MS);
    const end = listen(window, 'pagehide', look, true);
    return () => {
        clearInterval(timer);
        end();
    };
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
