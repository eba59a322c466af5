// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the API when typing pauses. The newest answer stays until the next has come.
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, ask } from '../../lib/api';
import type { PlanReply } from '../editor/state/usePlan';

const PAUSE_MS = 200;

export function useAnswer(body: Record<string, unknown> | null): { found: PlanReply | null; error: ApiError | null } {
    const [found, setFound] = useState<PlanReply | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    const turn = useRef(0);
    const text = JSON.stringify(body);
    useEffect(() => {
        turn.current += 1;
        const mine = turn.current;
        if (!body) {
            setError(null);
            return undefined;
        }
        const settle = (next: PlanReply | null, fault: ApiError | null) => {
            if (mine !== turn.current) return;
            if (next) setFound(next);
            setError(fault);
        };
        const begin = () =>
            ask<PlanReply>('/plan', body).then(
                (reply) => settle(reply.body, null),
                (cause: unknown) => settle(null, cause as ApiError),
            );
        const timer = setTimeout(begin, found ? PAUSE_MS : 0);
        return () => clearTimeout(timer);
    }, [text]);
    return { found, error };
}
