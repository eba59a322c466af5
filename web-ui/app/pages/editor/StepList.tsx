// SPDX-License-Identifier: GPL-3.0-or-later
// The five steps, and which of them still lacks something.
import { t } from '../../lib/i18n';
import type { Editing } from './state/editing';
import { findings } from './state/findings';
import { STEPS, stepOf, type Step } from './state/steps';

export function StepList({ editing, current, go }: { editing: Editing; current: Step; go: (step: Step) => void }) {
    const blocked = new Set([
        ...findings(editing.campaign)
            .filter((one) => one.isBlocking)
            .map((one) => one.step),
        ...editing.faults.map((fault) => stepOf(fault.pointer)),
    ]);
    return (
        <nav aria-label={t('editor.steps')}>
            <ol class="steps">
                {STEPS.map((step, i) => (
                    <li key={step}>
                        <button
                            type="button"
                            aria-current={step === current ? 'step' : undefined}
                            onClick={() => go(step)}
                        >
                            <span class="step-number" aria-hidden="true">
                                {i + 1}
                            </span>
                            <span class="step-words">
                                <span class="step-name">{t(`editor.step.${step}`)}</span>
                                <span class="step-hint">
                                    {blocked.has(step) ? t('editor.step.open') : t(`editor.step.${step}.hint`)}
                                </span>
                            </span>
                        </button>
                    </li>
                ))}
            </ol>
        </nav>
    );
}
