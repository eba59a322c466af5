// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages show of the results document: an uplift and its interval, in the chosen view.
import type { ResultsEffect } from '../../../generated/results';

export type Interval = [number | null, number | null] | null;

/* Which of the two answers leads. */
export type View = 'frequentist' | 'bayesian';

export interface Shown {
    uplift: number | null;
    interval: Interval;
}

/* The uplift and its interval in the chosen view: always valid, or credible. */
export function shownOf(effect: ResultsEffect | undefined, view: View): Shown {
    if (!effect) return { uplift: null, interval: null };
    const uplift = effect.frequentist.uplift;
    return {
        uplift,
        interval: view === 'bayesian' ? effect.bayesian.uplift_interval : (effect.sequential?.uplift_interval ?? null),
    };
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
