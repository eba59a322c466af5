// SPDX-License-Identifier: GPL-3.0-or-later
// What a row of the list says of how its campaign stands: no figure where the verdict has none.
import { formatUplift, hasMessage, t } from '../../lib/i18n';
import { Badge } from '../../ui/parts';
import { OUTCOME_TONE } from '../decision/decision';
import { daysLeft } from '../results/daysLeft';
import { isTold, VERDICT_TONE } from '../results/told';
import type { Campaign } from './campaign';
import { Sparkline } from './Sparkline';
import type { Standing } from './standing';

export interface Uplift {
    campaign: string;
    metric: string;
    direction: string;
    variant: string;
    units: number;
    uplift: number;
    course: { day: string; uplift: number }[];
}

const NONE = <span class="soft">–</span>;

/* What was decided, and before that what results advise. */
export function VerdictCell({ campaign, standing }: { campaign: Campaign; standing: Standing | undefined }) {
    const { decision } = campaign;
    if (decision) return <Badge tone={OUTCOME_TONE[decision.outcome]}>{t(`decision.${decision.outcome}`)}</Badge>;
    if (!standing || campaign.kind === 'rollout') return NONE;
    const { answer } = standing.verdict;
    return <Badge tone={VERDICT_TONE[answer]}>{t(`results.verdict.${answer}`)}</Badge>;
}

/* Whether the verdict is of this variant, and which; null: it is of another, or of none. */
function judged({ verdict }: Standing, variant: string): 'good' | 'bad' | null {
    if (verdict.answer === 'ship') return verdict.variant === variant ? 'good' : null;
    const hasLost = verdict.rule === 'loser' && (verdict.variant ?? variant) === variant;
    return hasLost ? 'bad' : null;
}

/* Its colour is the verdict's, not the figure's own. */
export function UpliftCell({
    campaign,
    uplift,
    standing,
}: {
    campaign: Campaign;
    uplift: Uplift | undefined;
    standing: Standing | undefined;
}) {
    if (!uplift || !standing) return NONE;
    const { answer } = standing.verdict;
    if (answer === 'broken') return <span class="bad small">{t('campaigns.uplift.broken')}</span>;
    if (!isTold(standing.verdict)) return <span class="soft small">{t('campaigns.uplift.early')}</span>;
    const tone = judged(standing, uplift.variant);
    const variant = campaign.variants.find(({ key }) => key === uplift.variant)?.name || uplift.variant;
    const metric = `metric.${uplift.metric}`;
    const name = t('campaigns.uplift', { metric: hasMessage(metric) ? t(metric) : uplift.metric, variant });
    return (
        <span class="uplift-cell" title={name}>
            <Sparkline values={uplift.course.map((point) => point.uplift)} tone={tone} />
            <span class={`number ${tone ? 'strong' : 'soft'}`}>{formatUplift(uplift.uplift, 1)}</span>
            <span class="visually-hidden">{name}</span>
        </span>
    );
}

/* Visitors of those that are needed, and how long the rest takes. */
export function ProgressCell({ campaign, standing }: { campaign: Campaign; standing: Standing | undefined }) {
    if (!standing) return NONE;
    const { units, needed_units: needed } = standing.verdict;
    const left = campaign.status === 'running' ? daysLeft(standing.verdict) : null;
    if (!needed) return <span class="small">{t('campaigns.progress.open', { count: units })}</span>;
    const text = t('results.fact.of', { units, needed: Math.ceil(needed) });
    return (
        <span class="progress-cell">
            <progress value={Math.min(units, needed)} max={needed} aria-label={t('campaigns.column.progress')} />
            <span class="small soft">
                {text}
                {left !== null && <span> · {left}</span>}
            </span>
        </span>
    );
}

export const shareOf = (standing: Standing | undefined): number | null =>
    standing?.verdict.needed_units ? standing.verdict.units / standing.verdict.needed_units : null;
