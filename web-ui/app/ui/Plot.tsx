// SPDX-License-Identifier: GPL-3.0-or-later
// A picture by Observable Plot, as wide as its place, drawn anew when what it shows changes. What it
// shows is said in words too: 'label' is its text for a screen reader, and 'spots' are the values that pointer and
// arrow keys find.
import type { PlotOptions } from '@observablehq/plot';
import { useEffect, useRef, useState } from 'preact/hooks';
import { placeOf, useSpot, type Picture, type Place, type Spot } from './plotSpot';

type Library = typeof import('./plotLib');

interface PlotProps {
    label: string;
    height: number;
    draw: (library: Library, width: number) => PlotOptions;
    spots?: Spot[];
}

/* As wide as a tip may be, with its distance. */
const TIP_PX = 236;

let library: Library | null = null;

function useWidth(ref: { current: HTMLElement | null }): number {
    const [width, setWidth] = useState(0);
    useEffect(() => {
        const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
        if (ref.current) observer.observe(ref.current);
        return () => observer.disconnect();
    }, []);
    return width;
}

function useLibrary(): Library | null {
    const [loaded, setLoaded] = useState(library);
    useEffect(() => {
        if (!library) void import('./plotLib').then((module) => setLoaded((library = module)));
    }, []);
    return loaded;
}

function Tip({ spot, place, width }: { spot: Spot; place: Place; width: number }) {
    const isRight = place.left > width / 2;
    const side = isRight ? { right: `${width - place.left + 10}px` } : { left: `${place.left + 10}px` };
    const isNarrow = Math.max(place.left, width - place.left) < TIP_PX;
    return (
        <>
            <span class="plot-spot" aria-hidden="true" style={{ left: `${place.left}px`, top: `${place.top}px` }} />
            <span
                class={isNarrow ? 'plot-tip plot-tip-below' : 'plot-tip'}
                style={{ top: `${place.top}px`, ...(isNarrow ? {} : side) }}
            >
                {spot.text}
            </span>
        </>
    );
}

export function Plot({ label, height, draw, spots = [] }: PlotProps) {
    const ref = useRef<HTMLDivElement>(null);
    const width = useWidth(ref);
    const loaded = useLibrary();
    const [places, setPlaces] = useState<Place[]>([]);
    const { at, handlers } = useSpot(places);
    useEffect(() => {
        if (!loaded || width === 0 || !ref.current) return;
        const picture = loaded.plot({ width, height, ...draw(loaded, width) });
        picture.querySelectorAll('[aria-label]').forEach((part) => part.removeAttribute('aria-label'));
        picture.setAttribute('role', 'img');
        picture.setAttribute('aria-label', label);
        ref.current.replaceChildren(picture);
        setPlaces(spots.map((spot) => placeOf(picture as Picture, spot)));
    }, [loaded, width, height, label, draw]);
    const picture = <div class="plot" ref={ref} style={{ minHeight: `${height}px` }} />;
    if (spots.length === 0) return picture;
    const [spot, place] = [spots[at], places[at]];
    return (
        <div class="plot-place" tabIndex={0} role="group" aria-label={label} {...handlers}>
            {picture}
            <div role="status">{spot && place && <Tip spot={spot} place={place} width={width} />}</div>
        </div>
    );
}
