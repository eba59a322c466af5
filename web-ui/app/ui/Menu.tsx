// SPDX-License-Identifier: GPL-3.0-or-later
// A button that opens a small panel; a click elsewhere or Escape closes it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export function Menu({ label, children }: { label: ComponentChildren; children: ComponentChildren }) {
    const [isOpen, setOpen] = useState(false);
    const ref = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (!isOpen) return undefined;
        const onClick = (event: MouseEvent) => {
            if (!ref.current?.contains(event.target as Node)) setOpen(false);
        };
        const onKey = (event: KeyboardEvent) => {
            if (event.key !== 'Escape') return;
            setOpen(false);
            ref.current?.querySelector('button')?.focus();
        };
        document.addEventListener('mousedown', onClick);
        document.addEventListener('keydown', onKey);
        return () => {
            document.removeEventListener('mousedown', onClick);
            document.removeEventListener('keydown', onKey);
        };
    }, [isOpen]);
    return (
        <div class="menu" ref={ref}>
            <button type="button" class="button button-quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                {label}
            </button>
            {isOpen && <div class="menu-list">{children}</div>}
        </div>
    );
}
