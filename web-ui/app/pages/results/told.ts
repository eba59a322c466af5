// SPDX-License-Identifier: GPL-3.0-or-later
// The tone of a verdict, on its page and in lists.
import type { Results } from '../../../generated/results';
import type { Tone } from '../../ui/parts';

export const VERDICT_TONE: Record<Results['verdict']['answer'], Tone> = {
    ship: 'good',
    stop: 'bad',
    go_on: 'accent',
    not_enough: 'plain',
    broken: 'bad',
};

/* Whether any figure may be told beside the verdict. */
export const isTold = ({ answer }: Results['verdict']): boolean => answer !== 'broken' && answer !== 'not_enough';
