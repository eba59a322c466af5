// SPDX-License-Identifier: GPL-3.0-or-later
// The values of a picture: the one that the pointer is near to, or that the arrow keys have come to.
import type { Plot } from '@observablehq/plot';
import { useState } from 'preact/hooks';

/* A value, where it stands by the picture's scales, and what it says. */
export interface Spot {
    x: Date | number;
    y: number | string;
    text: string;
}

/* A drawn picture, whose scales tell where things stand. */
export type Picture = (SVGSVGElement | HTMLElement) & Plot;

export interface Place {
    left: number;
    top: number;
}

export function placeOf(picture: Picture, { x, y }: Spot): Place {
    const [across, down] = [picture.scale('x')!, picture.scale('y')!];
    return { left: across.apply(x), top: down.apply(y) + (down.bandwidth ?? 0) / 2 };
}

function nearest(places: Place[], left: number, top: number): number {
    const far = places.map((place) => Math.hypot(place.left - left, place.top - top));
    return far.indexOf(Math.min(...far));
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/* Which spot is shown (-1: none), and what changes it. */
export function useSpot(places: Place[]) {
    const [at, setAt] = useState(-1);
    const hide = () => setAt(-1);
    const onPointerMove = (event: PointerEvent & { currentTarget: HTMLElement }) => {
        const { left, top } = event.currentTarget.getBoundingClientRect();
        setAt(nearest(places, event.clientX - left, event.clientY - top));
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const step = STEPS[event.key];
        if (event.key === 'Escape') hide();
        if (step === undefined) return;
        event.preventDefault();
        setAt(at < 0 ? 0 : (at + step + places.length) % places.length);
    };
    const onFocus = () => setAt(at < 0 ? 0 : at);
    return { at, handlers: { onPointerMove, onPointerLeave: hide, onKeyDown, onFocus, onBlur: hide } };
}
