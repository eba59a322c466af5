// SPDX-License-Identifier: GPL-3.0-or-later
// A proof: the campaign's tests tried on its own visitors, dealt out by chance again and again.
import type { Query } from '../../../lib/query';
import { useQuery } from '../../../lib/query';

export interface Rate {
    count: number;
    of: number;
    rate: number;
    interval: [number, number];
}

export interface ProveMetric {
    key: string;
    verdict: 'calibrated' | 'too_many_false_calls' | 'too_few_false_calls' | 'not_tested';
    false_calls: Rate | null;
    p_values: { ks_p: number; bins: number[] } | null;
    peeking: Record<'p_value' | 'chance_to_win' | 'always_valid', Rate | null>;
}

export interface ProveReport {
    units: number;
    runs: number;
    confidence: number;
    looks: { count: number; hours: number | null };
    metrics: ProveMetric[];
}

export interface ProveJob {
    id: number;
    kind: string;
    state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
    progress: number;
    problem: string | null;
    created_at: string;
    input: { campaign: string; phase: number | null };
    result: ProveReport | null;
}

export const isOpenJob = (job: ProveJob | undefined): boolean => job?.state === 'queued' || job?.state === 'running';

const EVERY_MS = 3_000;
interface Proofs {
    list: Query<{ items: ProveJob[] }>;
    newest: ProveJob | undefined; // whatever became of it
    done: ProveJob | undefined; // with its result, once it is read
}

/* Those of one campaign's phase; asked for again while one is at work. */
export function useProofs(campaign: string, phase: number, isBusy: boolean): Proofs {
    const path = `/jobs?kind=prove&campaign=${encodeURIComponent(campaign)}&limit=200`;
    const list = useQuery<{ items: ProveJob[] }>(path, isBusy ? { every: EVERY_MS } : {});
    const own = (list.data?.items ?? []).filter(({ input }) => input.phase === phase);
    const last = own.find(({ state }) => state === 'done');
    const read = useQuery<ProveJob>(last ? `/jobs/${last.id}` : null);
    return { list, newest: own[0], done: last && read.data?.id === last.id ? read.data : undefined };
}

/* What the badge says of all metrics: the worst of them. */
export function verdictOf(report: ProveReport): ProveMetric['verdict'] {
    const found = report.metrics.map(({ verdict }) => verdict);
    const worst = (['too_many_false_calls', 'too_few_false_calls', 'calibrated'] as const).find((one) =>
        found.includes(one),
    );
    return worst ?? 'not_tested';
}
