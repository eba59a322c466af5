// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the API when typing pauses. The newest answer stays until the next has come.
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, change } from '../../lib/api';
import type { PlanReply } from '../editor/usePlan';

const PAUSE_MS = 200;

export const askPlan = (body: Record<string, unknown>): Promise<PlanReply> =>
    change<PlanReply>('POST', '/plan', body).then((reply) => reply.body);

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
        const ask = () => askPlan(body).then((reply) => settle(reply, null), (cause: unknown) => settle(null, cause as ApiError));
        const timer = setTimeout(ask, found ? PAUSE_MS : 0);
        return () => clearTimeout(timer);
    }, [text]);
    return { found, error };
}
