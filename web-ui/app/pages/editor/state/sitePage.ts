// SPDX-License-Identifier: GPL-3.0-or-later
// The page of the site that links are made for: what was typed last, or else what the environment is for.
import { useState } from 'preact/hooks';
import { useQuery } from '../../../lib/query';
import { useSession } from '../../../lib/session';

const STORED = 'mete.qaPage';

/* The address of a page with the preview asked for; null: not an address. */
export function previewLink(page: string, preview: string): string | null {
    try {
        const address = new URL(page);
        if (!/^https?:$/.test(address.protocol)) return null;
        address.searchParams.set('mete_preview', preview);
        return address.href;
    } catch {
        return null;
    }
}

export function useSitePage(): [string, (next: string) => void] {
    const { environment } = useSession();
    const known = useQuery<{ allowed_origins: string[] }>(`/environments/${environment.key}`);
    const [typed, setTyped] = useState<string | null>(localStorage.getItem(STORED));
    const page = typed ?? known.data?.allowed_origins.find((origin) => /^https?:\/\/[^*]+$/.test(origin)) ?? '';
    const keep = (next: string) => {
        localStorage.setItem(STORED, next);
        setTyped(next);
    };
    return [page, keep];
}
