// SPDX-License-Identifier: GPL-3.0-or-later
// A text as a picture for cameras: dark on light in every scheme, with the margin of four that readers want.
import makeCode from 'qrcode-generator';
import { useMemo } from 'preact/hooks';

const MARGIN = 4;

export default function QrCode({ text, label }: { text: string; label: string }) {
    const { size, path } = useMemo(() => {
        const code = makeCode(0, 'M');
        code.addData(text);
        code.make();
        const count = code.getModuleCount();
        const rows = Array.from({ length: count }, (_, y) =>
            Array.from({ length: count }, (_, x) => (code.isDark(y, x) ? `M${x} ${y}h1v1h-1z` : '')).join(''),
        );
        return { size: count + 2 * MARGIN, path: rows.join('') };
    }, [text]);
    return (
        <svg class="qr-code" role="img" aria-label={label} viewBox={`${-MARGIN} ${-MARGIN} ${size} ${size}`}>
            <path fill="#000" d={path} shape-rendering="crispEdges" />
        </svg>
    );
}
