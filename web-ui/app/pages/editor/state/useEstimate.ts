// SPDX-License-Identifier: GPL-3.0-or-later
// How many of the last 30 days' visitors an audience takes in, asked anew while it is written.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, ask } from '../../../lib/api';
import type { Condition } from './document';

export interface EstimateReply {
    visitors: number;
    sampled: number;
    days: number;
    matching: number;
    share: number | null;
    low: number | null;
    high: number | null;
    unknown: string[];
}

const PAUSE_MS = 250;

/* The newest answer; what was there stays until the next has come. */
export function useEstimate(condition: Condition | null): { found: EstimateReply | null; error: ApiError | null } {
    const [found, setFound] = useState<EstimateReply | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    const turn = useRef(0);
    const text = JSON.stringify(condition);
    useEffect(() => {
        turn.current += 1;
        const mine = turn.current;
        const timer = setTimeout(
            () => {
                ask<EstimateReply>('/audience/estimate', { condition }).then(
                    ({ body }) => {
                        if (mine !== turn.current) return;
                        setFound(body);
                        setError(null);
                    },
                    (cause: unknown) => mine === turn.current && setError(cause as ApiError),
                );
            },
            found ? PAUSE_MS : 0,
        );
        return () => clearTimeout(timer);
    }, [text]);
    return { found, error };
}
