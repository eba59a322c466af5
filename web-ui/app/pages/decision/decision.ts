// SPDX-License-Identifier: GPL-3.0-or-later
// What was concluded of a campaign: as the API has it, and as it is written.
import type { Tone } from '../../ui/parts';

export const OUTCOMES = ['won', 'lost', 'inconclusive'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Decision {
    outcome: Outcome;
    variant: string | null;
    learnings: string;
}

/* '' where nothing was chosen. */
export interface Draft {
    outcome: Outcome | '';
    variant: string;
    learnings: string;
}

export interface NamedVariant {
    key: string;
    name?: string | null;
    is_control: boolean;
}

export const OUTCOME_TONE: Record<Outcome, Tone> = { won: 'good', lost: 'bad', inconclusive: 'plain' };

export const draftOf = (decision: Decision | null): Draft => ({
    outcome: decision?.outcome ?? '',
    variant: decision?.variant ?? '',
    learnings: decision?.learnings ?? '',
});

/* Null: no outcome was chosen. */
export function decisionOf({ outcome, variant, learnings }: Draft): Decision | null {
    return outcome === '' ? null : { outcome, variant: variant || null, learnings };
}

export const nameOf = ({ key, name }: NamedVariant): string => name || key;
