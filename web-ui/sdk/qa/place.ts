// SPDX-License-Identifier: MIT
// Where the overlay stands, and whether it is folded: kept as long as the tab.

import { tried } from '../core/tool';

const NAME = 'mete_preview_place';
const NARROW = 480;
const STEP = 24;
const MARGIN = 4;

interface Place {
    left?: number;
    top?: number;
    isFolded: boolean;
}

/* A phone has no room to begin with. */
const fresh = (): Place => ({ isFolded: window.innerWidth <= NARROW });

export const findPlace = (): Place => tried(() => JSON.parse(sessionStorage.getItem(NAME)!), null) || fresh();

export const keepPlace = (place: Place): void => tried(() => sessionStorage.setItem(NAME, JSON.stringify(place)));

/** Puts it where it was, or as near as the window allows. */
export function putAt(aside: HTMLElement, { left, top }: Place): void {
    if (left === undefined || top === undefined) return;
    const within = (at: number, room: number, size: number): string =>
        `${Math.max(MARGIN, Math.min(at, room - size - MARGIN))}px`;
    const { style } = aside;
    style.left = within(left, document.documentElement.clientWidth, aside.offsetWidth);
    style.top = within(top, window.innerHeight, aside.offsetHeight);
    style.right = style.bottom = 'auto';
}

function moveBy(aside: HTMLElement, x: number, y: number): void {
    const { left, top } = aside.getBoundingClientRect();
    putAt(aside, { left: left + x, top: top + y, isFolded: false });
}

function keepHere(aside: HTMLElement): void {
    const { left, top } = aside.getBoundingClientRect();
    keepPlace({ left, top, isFolded: findPlace().isFolded });
}

const ARROWS: { [key: string]: [number, number] } = {
    ArrowLeft: [-STEP, 0],
    ArrowRight: [STEP, 0],
    ArrowUp: [0, -STEP],
    ArrowDown: [0, STEP],
};

/** By its head with mouse or finger, by the handle with arrow keys. */
export function makeMovable(aside: HTMLElement, head: HTMLElement, handle: HTMLElement): void {
    handle.addEventListener('keydown', (event) => {
        const by = ARROWS[event.key];
        if (!by) return;
        event.preventDefault();
        moveBy(aside, ...by);
        keepHere(aside);
    });
    head.addEventListener('pointerdown', (down) => {
        const button = (down.target as HTMLElement).closest('button');
        if (button && button !== handle) return;
        const { left, top } = aside.getBoundingClientRect();
        head.setPointerCapture(down.pointerId);
        head.onpointermove = (move) =>
            putAt(aside, {
                left: left + move.clientX - down.clientX,
                top: top + move.clientY - down.clientY,
                isFolded: false,
            });
        head.onpointerup = head.onpointercancel = () => {
            head.onpointermove = null;
            keepHere(aside);
        };
    });
}
