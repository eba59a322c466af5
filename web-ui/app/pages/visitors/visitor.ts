// SPDX-License-Identifier: GPL-3.0-or-later
// A visitor as the API shows it.
import type { Effect } from '../../lib/effect';

export interface Exposure {
    campaign: string;
    name: string | null;
    phase: number;
    variant: string;
    exposed_at: string;
    is_crossover: boolean;
    is_overflowing: boolean;
    experience: string;
    dimensions: Record<string, string | null>;
}

export interface Exclusion {
    reason: string;
    excluded_by: string;
    excluded_at: string;
}

export interface Visitor {
    visitor_id: string;
    event_count: number;
    first_seen_at: string | null;
    last_seen_at: string | null;
    exclusion: Exclusion | null;
    is_exclusion_due: boolean;
    exposures: Exposure[];
}

export interface VisitorEvent {
    event_id: string;
    name: string;
    ts: string;
    is_bot: boolean;
    is_staff: boolean;
    is_forced: boolean;
    properties: Record<string, unknown>;
    effect: Effect;
}

export interface Step {
    step: 'running' | 'visitor' | 'panic' | 'schedule' | 'forced' | 'holdout' | 'layer' | 'audience' | 'bucket';
    passed: boolean;
    bucket?: number;
    coverage?: number;
}

export interface Decision {
    campaign: string;
    phase: number;
    variant: string | null;
    reason:
        | 'bucket'
        | 'forced'
        | 'panic'
        | 'not_running'
        | 'junk_id'
        | 'schedule'
        | 'holdout'
        | 'layer'
        | 'audience'
        | 'coverage';
    trace: Step[];
}

const UNKNOWN = 'unknown'; // a dimension of which nothing was told

export const visitorPath = (id: string): string => `/visitors/${encodeURIComponent(id)}`;

/* What is known of it that a site would tell: as at its last exposure. */
export function knownAttributes({ exposures }: Visitor): string {
    const { device, country } = exposures[0]?.dimensions ?? {};
    const known = Object.entries({ device, country }).filter(([, value]) => value && value !== UNKNOWN);
    return JSON.stringify(Object.fromEntries(known));
}
