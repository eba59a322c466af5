// SPDX-License-Identifier: GPL-3.0-or-later
// What is said while something is read, when nothing is there, when it failed, and when it worked.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, SaidError } from '../lib/api';
import { t } from '../lib/i18n';
import type { Query } from '../lib/query';
import { Button } from './Button';

export function Skeleton({ lines = 6 }: { lines?: number }) {
    return (
        <div class="skeleton" role="status" aria-label={t('state.loading')}>
            {Array.from({ length: lines }, (_, i) => (
                <span key={i} />
            ))}
        </div>
    );
}

/* What the browser says of errors of its own is English. */
export const errorText = (error: unknown): string => {
    if (error instanceof SaidError) return error.message;
    if (!(error instanceof ApiError)) return t('error.title');
    return error.status === 0 ? t('error.offline') : error.message;
};

export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void | Promise<void> }) {
    return (
        <div class="note note-bad" role="alert">
            <span>{errorText(error)}</span>
            {onRetry && <Button onClick={onRetry}>{t('action.retry')}</Button>}
        </div>
    );
}

export function Empty({
    title,
    children,
    action,
}: {
    title: string;
    children?: ComponentChildren;
    action?: ComponentChildren;
}) {
    return (
        <div class="card empty">
            <h2>{title}</h2>
            {children && <p>{children}</p>}
            {action}
        </div>
    );
}

/* Shows what a query found; what was there stays visible when a later reading fails. */
export function Loaded<T>({
    query,
    lines,
    children,
}: {
    query: Query<T>;
    lines?: number;
    children: (data: T) => ComponentChildren;
}) {
    if (query.data === undefined && query.error) return <ErrorNote error={query.error} onRetry={query.reload} />;
    if (query.data === undefined) return <Skeleton lines={lines ?? 6} />;
    return (
        <>
            {query.error && <ErrorNote error={query.error} onRetry={query.reload} />}
            {children(query.data)}
        </>
    );
}

const TOAST_MS = 3500;
let show: ((text: string) => void) | null = null;

/* Says for a moment that something worked. */
export function toast(text: string): void {
    show?.(text);
}

export function Toasts() {
    const [shown, setShown] = useState<{ id: number; text: string }[]>([]);
    useEffect(() => {
        let last = 0;
        show = (text) => {
            last += 1;
            const id = last;
            setShown((all) => [...all, { id, text }]);
            setTimeout(() => setShown((all) => all.filter((one) => one.id !== id)), TOAST_MS);
        };
        return () => void (show = null);
    }, []);
    return (
        <div class="toasts" role="status" aria-live="polite">
            {shown.map(({ id, text }) => (
                <div class="toast" key={id}>
                    {text}
                </div>
            ))}
        </div>
    );
}
