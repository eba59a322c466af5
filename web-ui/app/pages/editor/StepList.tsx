// SPDX-License-Identifier: GPL-3.0-or-later
// The five steps, and which of them still lacks something.
import { t } from '../../lib/i18n';
import { memberOf, type Member } from './document';
import type { Editing } from './editing';
import { findings } from './findings';

export const STEPS = ['question', 'who', 'what', 'many', 'check'] as const;
export type Step = (typeof STEPS)[number];

const HOME: Record<Member, Step> = {
    name: 'question', description: 'question', hypothesis: 'question', labels: 'question', metrics: 'question', statistics: 'question',
    audience: 'who', triggers: 'who', variants: 'what', forced: 'check',
    priority: 'many', coverage: 'many', layer: 'many', schedule: 'many', confidence: 'many',
};

/* The step where the field of a pointer stands. */
export function stepOf(pointer: string): Step {
    if (/^\/statistics\/(method|planned_units|looks)/.test(pointer)) return 'many';
    const member = memberOf(pointer);
    return member ? HOME[member] : 'check';
}

export function StepList({ editing, current, go }: { editing: Editing; current: Step; go: (step: Step) => void }) {
    const blocked = new Set([
        ...findings(editing.campaign).filter((one) => one.isBlocking).map((one) => one.step),
        ...editing.faults.map((fault) => stepOf(fault.pointer)),
    ]);
    return (
        <nav aria-label={t('editor.steps')}>
            <ol class="steps">
                {STEPS.map((step, i) => (
                    <li key={step}>
                        <button type="button" aria-current={step === current ? 'step' : undefined} onClick={() => go(step)}>
                            <span class="step-number" aria-hidden="true">{i + 1}</span>
                            <span class="step-words">
                                <span class="step-name">{t(`editor.step.${step}`)}</span>
                                <span class="step-hint">{blocked.has(step) ? t('editor.step.open') : t(`editor.step.${step}.hint`)}</span>
                            </span>
                        </button>
                    </li>
                ))}
            </ol>
        </nav>
    );
}
