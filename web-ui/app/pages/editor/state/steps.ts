// SPDX-License-Identifier: GPL-3.0-or-later
// The five steps: which there are, what each is given, and where a field of the document stands.
import { memberOf, type Member } from './document';
import type { Editing } from './editing';

export const STEPS = ['question', 'who', 'what', 'many', 'check'] as const;
export type Step = (typeof STEPS)[number];

const HOME: Record<Member, Step> = {
    name: 'question',
    description: 'question',
    hypothesis: 'question',
    labels: 'question',
    metrics: 'question',
    statistics: 'question',
    audience: 'who',
    triggers: 'who',
    variants: 'what',
    forced: 'check',
    priority: 'many',
    coverage: 'many',
    layer: 'many',
    schedule: 'many',
    confidence: 'many',
};

/* The step where the field of a pointer stands. */
export function stepOf(pointer: string): Step {
    if (/^\/statistics\/(method|planned_units|looks)/.test(pointer)) return 'many';
    const member = memberOf(pointer);
    return member ? HOME[member] : 'check';
}

export interface StepProps {
    editing: Editing;
    go: (step: Step) => void;
    onMoved: () => void;
}
