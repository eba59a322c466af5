// SPDX-License-Identifier: MIT
// The gate: the page is not painted until the first decision has come, or its time is over. The
// snippet may have closed it already, before the SDK itself was there.

export interface Gate {
    at: number;
    open(): void;
}

export function closeGate(): Gate {
    const earlier = (window as any).mete_gate as Gate | undefined;
    if (earlier) return earlier;
    const style = document.documentElement.style;
    const before = style.opacity;
    style.setProperty('opacity', '0', 'important');
    return {
        at: performance.now(),
        open() {
            style.opacity = before;
            this.open = () => {};
        },
    };
}

export const noGate = (): Gate => (window as any).mete_gate || { at: performance.now(), open() {} };
