// SPDX-License-Identifier: GPL-3.0-or-later
// The plan in one sentence, its figures, and its pictures.
import { currentLocale, formatNumber, formatPercent, formatUplift, t } from '../../lib/i18n';
import { Facts } from '../../ui/parts';
import type { Plan, PlanReply } from '../editor/state/usePlan';
import { EffectCurve, PowerCurve } from './Curves';
import { Stops } from './Stops';
import type { Wish } from './wish';

const figure = (value: number): string =>
    new Intl.NumberFormat(currentLocale(), { maximumSignificantDigits: 4 }).format(value);

function sentence(wish: Wish, plan: Plan): string {
    const time = plan.weeks === null ? '' : t('planner.weeks', { count: plan.weeks });
    const uplift = plan.uplift === null ? figure(plan.difference) : formatUplift(plan.uplift);
    const values = { visitors: plan.visitors, uplift, time, power: formatPercent(plan.power, 0) };
    if (wish.goal === 'effect') return t('planner.says.effect', { ...values, count: wish.days ?? 0 });
    return t(plan.weeks === null ? 'planner.says.visitors' : 'planner.says.time', values);
}

function factsOf(wish: Wish, plan: Plan): { label: string; value: string }[] {
    const value = (of: number): string => (wish.isMean ? figure(of) : formatPercent(of, 2));
    return [
        { label: t('planner.fact.visitors'), value: formatNumber(plan.visitors) },
        { label: t('planner.fact.each'), value: formatNumber(plan.visitors_per_variant) },
        { label: t('planner.fact.days'), value: plan.days === null ? '–' : formatNumber(plan.days) },
        {
            label: t('planner.fact.change'),
            value: `${value(plan.baseline)} → ${value(plan.baseline + plan.difference)}`,
        },
        {
            label: t('planner.fact.inflation'),
            value: `× ${new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: 2 }).format(plan.inflation)}`,
        },
    ];
}

export function Answer({ wish, reply, plan }: { wish: Wish; reply: PlanReply; plan: Plan }) {
    return (
        <>
            <div class="card stack">
                <p class="lead">{sentence(wish, plan)}</p>
                <Facts facts={factsOf(wish, plan)} />
                {reply.measured && reply.measured.visitors > 0 && (
                    <p class="small soft">
                        {t('planner.source', {
                            visitors: reply.measured.visitors,
                            count: Math.max(1, Math.round(reply.measured.days)),
                        })}
                    </p>
                )}
            </div>
            <section class="card stack-small" aria-labelledby="planner-power">
                <h2 id="planner-power">{t('planner.curve.title')}</h2>
                <PowerCurve plan={plan} power={wish.power ?? plan.power} />
            </section>
            {plan.stops.length > 0 && <Stops stops={plan.stops} />}
            {plan.effects.length > 0 && plan.uplift !== null && (
                <section class="card stack-small" aria-labelledby="planner-effects">
                    <h2 id="planner-effects">{t('planner.effects.title')}</h2>
                    <EffectCurve effects={plan.effects} goal={plan.uplift} />
                </section>
            )}
        </>
    );
}
