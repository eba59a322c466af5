// SPDX-License-Identifier: GPL-3.0-or-later
// Reading for a component: what was read before is shown at once and refreshed behind it, so going back
// and forth never flickers.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, apiUrl, get } from './api';

export interface Query<T> {
    data: T | undefined;
    etag: string | null;
    error: ApiError | undefined;
    isLoading: boolean; // nothing to show yet
    reload: () => Promise<void>;
}

interface Kept {
    body: unknown;
    etag: string | null;
}

const kept = new Map<string, Kept>();
const KEPT_AT_MOST = 200;

function keep(url: string, reply: Kept): void {
    kept.delete(url);
    kept.set(url, reply);
    if (kept.size > KEPT_AT_MOST) kept.delete(kept.keys().next().value as string);
}

/* Forgets what was read: after signing out. */
export function forgetQueries(): void {
    kept.clear();
}

/* 'path' null: reads nothing. 'every' repeats the reading in milliseconds while the page is visible. */
export function useQuery<T>(path: string | null, options: { every?: number } = {}): Query<T> {
    const url = path === null ? null : apiUrl(path);
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState<{ url: string; error: ApiError } | null>(null);
    const current = useRef<string | null>(null);
    current.current = url;

    const reload = useCallback(async () => {
        if (path === null || url === null) return;
        try {
            keep(url, await get<unknown>(path));
            if (current.current === url) setFailed(null);
        } catch (error) {
            if (current.current === url) setFailed({ url, error: error as ApiError });
        }
        if (current.current === url) redraw((n) => n + 1);
    }, [url]);

    useEffect(() => {
        void reload();
        if (!options.every) return undefined;
        const timer = setInterval(() => {
            if (document.visibilityState === 'visible') void reload();
        }, options.every);
        return () => clearInterval(timer);
    }, [reload, options.every]);

    const found = url === null ? undefined : kept.get(url);
    const error = failed?.url === url ? failed?.error : undefined;
    return {
        data: found?.body as T | undefined,
        etag: found?.etag ?? null,
        error,
        isLoading: url !== null && !found && !error,
        reload,
    };
}
