// SPDX-License-Identifier: GPL-3.0-or-later
// How many visitors the campaign needs and how long they take to come, from what the environment's visitors did in
// the last weeks.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, ask } from '../../../lib/api';
import type { Campaign } from './document';

export interface Measured {
    visitors: number;
    days: number;
    daily: number | null;
    kind: string | null;
    rate: number | null;
    mean: number | null;
    sd: number | null;
    lower: number | null;
    upper: number | null;
}

export interface Plan {
    baseline: number;
    difference: number;
    uplift: number | null;
    visitors_per_variant: number;
    visitors: number;
    power: number;
    days: number | null;
    weeks: number | null;
    inflation: number;
    curve: { visitors: number; power: number }[];
    stops: { times: number; difference: number; uplift: number | null; visitors: number; days: number | null }[];
    effects: { weeks: number; difference: number; uplift: number | null }[];
}

export interface PlanReply {
    measured: Measured | null;
    plan: Plan | null;
}

/* What is typed in where nothing was measured. */
export interface Assumed {
    rate: number | null;
    daily: number | null;
}

const TESTS = { always_valid: 'always-valid', fixed: 'fixed', group_sequential: 'group-sequential' } as const;
const PAUSE_MS = 300;

export const goalOf = (campaign: Campaign): string | null =>
    (campaign.metrics.find(({ role }) => role === 'primary') ?? campaign.metrics[0])?.key ?? null;

function asked(campaign: Campaign, share: number, assumed: Assumed): Record<string, unknown> | null {
    const metric = goalOf(campaign);
    if (!metric) return null;
    const { method, minimum_uplift, looks } = campaign.statistics;
    const body: Record<string, unknown> = {
        metric,
        uplift: minimum_uplift,
        variants: Math.min(32, Math.max(2, campaign.variants.length)),
        confidence: campaign.confidence,
        coverage: Math.max(0.000001, Math.min(1, campaign.coverage * share * (campaign.layer?.share ?? 1))),
        test: TESTS[method],
    };
    if (method === 'group_sequential') body['looks'] = Math.min(20, Math.max(2, looks));
    if (assumed.rate) body['rate'] = assumed.rate;
    if (assumed.daily) body['daily'] = assumed.daily;
    return body;
}

/* 'share': of visitors that the audience takes in. The newest answer stays until the next has come. */
export function usePlan(
    campaign: Campaign,
    share: number,
    assumed: Assumed,
): { found: PlanReply | null; error: ApiError | null } {
    const [found, setFound] = useState<PlanReply | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    const turn = useRef(0);
    const body = asked(campaign, share, assumed);
    const text = JSON.stringify(body);
    useEffect(() => {
        turn.current += 1;
        const mine = turn.current;
        if (!body) return undefined;
        const timer = setTimeout(
            () => {
                ask<PlanReply>('/plan', body).then(
                    (reply) => {
                        if (mine !== turn.current) return;
                        setFound(reply.body);
                        setError(null);
                    },
                    (cause: unknown) => mine === turn.current && setError(cause as ApiError),
                );
            },
            found ? PAUSE_MS : 0,
        );
        return () => clearTimeout(timer);
    }, [text]);
    return { found: body ? found : null, error };
}
