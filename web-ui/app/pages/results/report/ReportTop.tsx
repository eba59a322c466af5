// SPDX-License-Identifier: GPL-3.0-or-later
// What stands above a report on paper or as PDF. What is folded away is left out of it; the ground is light.
import { useEffect } from 'preact/hooks';
import type { Results } from '../../../../generated/results';
import { reportHead } from './report';

function usePaper() {
    useEffect(() => {
        const root = document.documentElement;
        let theme: string | undefined;
        const before = () => {
            theme = root.dataset['theme'];
            root.dataset['theme'] = 'light';
        };
        const after = () => {
            if (theme === undefined) delete root.dataset['theme'];
            else root.dataset['theme'] = theme;
        };
        addEventListener('beforeprint', before);
        addEventListener('afterprint', after);
        return () => {
            removeEventListener('beforeprint', before);
            removeEventListener('afterprint', after);
        };
    }, []);
}

export function ReportTop({ results, names }: { results: Results; names: Record<string, string> }) {
    usePaper();
    return <p class="print-only">{reportHead(results, names).dates}</p>;
}
