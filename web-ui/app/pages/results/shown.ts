// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages show of the results document: a difference and its interval, in the chosen view and scale.
import type { ResultsEffect } from '../../../generated/results';

export type Interval = [number | null, number | null] | null;

/* Which of the two answers leads. */
export type View = 'frequentist' | 'bayesian';

/* As a part of the baseline's value, in the metric's unit, or as what a month comes to. */
export type Scale = 'relative' | 'absolute' | 'impact';
export const SCALES: Scale[] = ['relative', 'absolute', 'impact'];

export interface Shown {
    shift: number | null;
    interval: Interval;
}

const always = (effect: ResultsEffect, scale: Scale): Interval =>
    (scale === 'relative' ? effect.sequential?.uplift_interval : effect.sequential?.interval) ?? null;

/* The difference and its interval in the chosen view: always valid, or credible. What a month comes to is told with
   the always-valid one alone. */
export function shownOf(effect: ResultsEffect | undefined, view: View, scale: Scale = 'relative'): Shown {
    if (!effect) return { shift: null, interval: null };
    if (scale === 'impact')
        return { shift: effect.impact?.per_month ?? null, interval: effect.impact?.per_month_interval ?? null };
    const { frequentist, bayesian } = effect;
    const credible = scale === 'relative' ? bayesian.uplift_interval : bayesian.interval;
    return {
        shift: scale === 'relative' ? frequentist.uplift : frequentist.difference,
        interval: view === 'bayesian' ? credible : always(effect, scale),
    };
}

/* Which interval stands beside the shift. */
export const intervalOf = (view: View, scale: Scale): View => (scale === 'impact' ? 'frequentist' : view);

export const isBounded = (interval: Interval): interval is [number, number] =>
    interval !== null && interval[0] !== null && interval[1] !== null && interval.every((end) => Number.isFinite(end));

/* Is the whole interval on the side that is wanted (1), on the other (-1), or on both (0)? */
export function sideOf(interval: Interval, direction: 'up' | 'down'): -1 | 0 | 1 {
    if (!interval) return 0;
    const [low, high] = interval;
    const side = low !== null && low > 0 ? 1 : high !== null && high < 0 ? -1 : 0;
    return (direction === 'down' ? -side : side) as -1 | 0 | 1;
}
