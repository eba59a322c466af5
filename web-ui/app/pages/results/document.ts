// SPDX-License-Identifier: GPL-3.0-or-later
// The results document as the API writes it, as far as the pages read it.

export type Interval = [number | null, number | null] | null;

export interface Frequentist {
    method: string;
    status: string;
    difference: number | null;
    interval: Interval;
    uplift: number | null;
    uplift_interval: Interval;
    p: number | null;
    warnings: string[];
}

export interface Bayesian {
    method: string;
    status: string;
    mean: number | null;
    chance_to_win: number | null;
    expected_loss: number | null;
    interval: Interval;
    uplift_interval: Interval;
}

export interface Sequential {
    status: string;
    p: number | null;
    interval: Interval;
    uplift_interval: Interval;
}

export interface Effect {
    frequentist: Frequentist;
    bayesian: Bayesian;
    sequential: Sequential;
    adjusted?: (Frequentist & { variance_reduction: number | null }) | null;
    multiplicity?: { method: string; size: number; p: number | null; uplift_interval: Interval };
    planned?: Record<string, unknown>;
    noninferiority?: { margin: number; p: number | null; is_safe?: boolean };
}

export interface ArmResult {
    key: string;
    units: number;
    status: string;
    sum: number | null;
    value: number | null;
    se: number | null;
    raw: Record<string, string | number>;
    effect?: Effect;
}

export interface DistributionArm {
    key: string;
    units: number;
    zeros: number;
    largest: number | null;
    capped_units: number;
    capped_value: number | null;
    quantiles: { q: number; value: number | null; interval: Interval }[];
    effect?: { uplift: number | null; uplift_interval: Interval; p: number | null };
}

export interface Distribution {
    as_of: string;
    cap: number | null;
    capped_units: number;
    warnings: string[];
    variants: DistributionArm[];
}

export interface MetricResult {
    key: string;
    name: string;
    kind: string;
    role: 'primary' | 'secondary' | 'guardrail';
    direction: 'up' | 'down';
    unit: string;
    status: 'ok' | 'computing';
    variants: ArmResult[];
    distribution: Distribution | null;
    breakdown?: Record<string, { value: string; variants: ArmResult[] }[]>;
}

export interface LookArm {
    key: string;
    units: number;
    value: number | null;
    uplift_interval?: Interval;
    difference?: number | null;
    sequential?: { uplift_interval: Interval };
}

export interface Interaction {
    campaign: string;
    name: string;
    metric: string;
    variant: string;
    other_variant: string;
    effect_with: { difference: number | null } | null;
    effect_without: { difference: number | null } | null;
    p_value: number | null;
    is_found: boolean;
}

export interface Results {
    campaign: string;
    name: string;
    status: string;
    phase: number;
    phases: { number: number; started_at: string; ended_at: string | null }[];
    started_at: string | null;
    ended_at: string | null;
    currency: string;
    time_zone: string;
    confidence: number;
    as_of: string;
    control: string | null;
    statistics: Record<string, unknown>;
    recommendation: {
        verdict: 'ship' | 'stop' | 'go_on' | 'not_enough' | 'broken';
        variant: string | null;
        rule: string;
        text: string;
        days: number | null;
        units: number;
        needed_units: number | null;
        cautions: { rule: string; text: string }[];
    };
    variants: { key: string; is_control: boolean; weight: number; units: number; crossovers: number }[];
    health: {
        srm: { status: string; p: number | null };
        srm_sequential?: { status: string; p: number | null };
        crossovers: number;
        fold: { lag_events: number };
        warnings: string[];
    };
    metrics: MetricResult[];
    interactions?: Interaction[];
    looks: { day: string; metrics: { key: string; variants: LookArm[] }[] }[];
}

/* Which of the two answers leads. */
export type View = 'frequentist' | 'bayesian';

export interface Shown {
    uplift: number | null;
    interval: Interval;
}

/* The uplift and its interval in the chosen view: always valid, or credible. */
export function shownOf(effect: Effect | undefined, view: View): Shown {
    if (!effect) return { uplift: null, interval: null };
    const uplift = effect.frequentist.uplift;
    return { uplift, interval: view === 'bayesian' ? effect.bayesian.uplift_interval : effect.sequential.uplift_interval };
}

export const isBounded = (interval: Interval): interval is [number, number] =>
    interval !== null && interval[0] !== null && interval[1] !== null && interval.every((end) => Number.isFinite(end));

/* Is the whole interval on the side that is wanted (1), on the other (-1), or on both (0)? */
export function sideOf(interval: Interval, direction: 'up' | 'down'): -1 | 0 | 1 {
    if (!interval) return 0;
    const [low, high] = interval;
    const side = low !== null && low > 0 ? 1 : high !== null && high < 0 ? -1 : 0;
    return (direction === 'down' ? -side : side) as -1 | 0 | 1;
}
