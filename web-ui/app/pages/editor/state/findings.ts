// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps a campaign from starting, and what is worth a second look. The server has the last word; this says it
// while one is still at it.
import { t } from '../../../lib/i18n';
import { KIND_RULES } from '../../../lib/kinds';
import { isSame, type Campaign } from './document';
import type { Step } from './steps';

export interface Finding {
    step: Step;
    text: string;
    isBlocking: boolean;
}

const served = ({ flags, changes }: { flags: unknown; changes: unknown }) => ({ flags, changes });

function ofQuestion(c: Campaign): Finding[] {
    const out: Finding[] = [];
    const isTest = KIND_RULES[c.kind].needsMetric;
    if (isTest && c.metrics.length === 0)
        out.push({ step: 'question', text: t('editor.find.noMetric'), isBlocking: true });
    if (isTest && c.metrics.length > 0 && !c.metrics.some(({ role }) => role === 'primary')) {
        out.push({ step: 'question', text: t('editor.find.noGoal'), isBlocking: false });
    }
    if (isTest && c.hypothesis.trim() === '')
        out.push({ step: 'question', text: t('editor.find.noHypothesis'), isBlocking: false });
    if (isTest && !c.metrics.some(({ role }) => role === 'guardrail'))
        out.push({ step: 'question', text: t('editor.find.noGuardrail'), isBlocking: false });
    return out;
}

function ofVariants(c: Campaign): Finding[] {
    const out: Finding[] = [];
    const { leastVariants: least, needsMetric } = KIND_RULES[c.kind];
    if (c.variants.length < least)
        out.push({ step: 'what', text: t('editor.find.fewVariants', { count: least }), isBlocking: true });
    const [first, ...rest] = c.variants;
    if (needsMetric && first && rest.length > 0 && rest.every((one) => isSame(served(one), served(first)))) {
        out.push({ step: 'what', text: t('editor.find.allSame'), isBlocking: false });
    }
    if (c.variants.some(({ weight }) => weight === 0))
        out.push({ step: 'what', text: t('editor.find.noWeight'), isBlocking: false });
    return out;
}

function ofTraffic(c: Campaign): Finding[] {
    const out: Finding[] = [];
    if (c.statistics.method !== 'always_valid' && !c.statistics.planned_units) {
        out.push({ step: 'many', text: t('editor.find.noUnits'), isBlocking: true });
    }
    if (c.coverage === 0) out.push({ step: 'many', text: t('editor.find.noTraffic'), isBlocking: false });
    if (c.schedule?.end && new Date(c.schedule.end) < new Date())
        out.push({ step: 'many', text: t('editor.find.overAlready'), isBlocking: false });
    return out;
}

export const findings = (c: Campaign): Finding[] => [...ofQuestion(c), ...ofVariants(c), ...ofTraffic(c)];
