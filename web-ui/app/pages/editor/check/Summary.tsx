// SPDX-License-Identifier: GPL-3.0-or-later
// The whole campaign in five lines.
import { metricName } from '../../../lib/builtIn';
import { formatPercent, t } from '../../../lib/i18n';
import { KIND_RULES } from '../../../lib/kinds';
import { useQuery } from '../../../lib/query';
import type { Campaign } from '../state/document';
import type { Step } from '../state/steps';
import { goalOf } from '../state/usePlan';

interface Metric {
    key: string;
    name: string;
}

function lines(c: Campaign, metrics: Metric[]): { step: Step; text: string }[] {
    const goal = goalOf(c);
    const shares = c.variants
        .map((variant) => `${variant.name || variant.key} ${formatPercent(variant.weight, 0)}`)
        .join(' · ');
    const pages = c.triggers?.pages.map(({ value }) => value).join(', ');
    return [
        {
            step: 'question',
            text: KIND_RULES[c.kind].needsMetric
                ? t('editor.summary.goal', {
                      metric: goal
                          ? metricName(metrics.find(({ key }) => key === goal) ?? { key: goal, name: goal })
                          : '–',
                      uplift: formatPercent(c.statistics.minimum_uplift, 1),
                  })
                : c.hypothesis || '–',
        },
        {
            step: 'who',
            text: [
                t(c.audience ? 'editor.summary.audience' : 'editor.summary.everybody'),
                pages || t('editor.summary.everywhere'),
            ].join(' · '),
        },
        { step: 'what', text: shares || '–' },
        {
            step: 'many',
            text: [
                t('editor.summary.coverage', { share: formatPercent(c.coverage, 0) }),
                c.layer ? t('editor.summary.layer', { layer: c.layer.key }) : '',
            ]
                .filter(Boolean)
                .join(' · '),
        },
    ];
}

export function Summary({ campaign, go }: { campaign: Campaign; go: (step: Step) => void }) {
    const metrics = useQuery<{ items: Metric[] }>('/metrics?limit=500').data?.items ?? [];
    return (
        <dl class="summary">
            {lines(campaign, metrics).map(({ step, text }) => (
                <div key={step}>
                    <dt>
                        <button type="button" class="link" onClick={() => go(step)}>
                            {t(`editor.step.${step}`)}
                        </button>
                    </dt>
                    <dd>{text}</dd>
                </div>
            ))}
        </dl>
    );
}
