// SPDX-License-Identifier: GPL-3.0-or-later
// A picture by Observable Plot, as wide as its place, drawn anew when what it shows changes. What it
// shows is said in words too: 'label' is its text for a screen reader.
import type { PlotOptions } from '@observablehq/plot';
import { useEffect, useRef, useState } from 'preact/hooks';

type Library = typeof import('./plotLib');

interface PlotProps {
    label: string;
    height: number;
    draw: (library: Library, width: number) => PlotOptions;
}

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

export function Plot({ label, height, draw }: PlotProps) {
    const ref = useRef<HTMLDivElement>(null);
    const width = useWidth(ref);
    const [loaded, setLoaded] = useState(library);
    useEffect(() => {
        if (!library) void import('./plotLib').then((module) => setLoaded((library = module)));
    }, []);
    useEffect(() => {
        if (!loaded || width === 0 || !ref.current) return;
        const picture = loaded.plot({ width, height, ...draw(loaded, width) });
        picture.querySelectorAll('[aria-label]').forEach((part) => part.removeAttribute('aria-label'));
        picture.setAttribute('role', 'img');
        picture.setAttribute('aria-label', label);
        ref.current.replaceChildren(picture);
    }, [loaded, width, height, label, draw]);
    return <div class="plot" ref={ref} style={{ minHeight: `${height}px` }} />;
}
