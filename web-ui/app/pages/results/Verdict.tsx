// SPDX-License-Identifier: GPL-3.0-or-later
// What is read first: what we know, how sure, what it is worth, what to do. One figure, and none where it would say
// more than is known.
import type { ComponentChildren } from 'preact';
import { metricName } from '../../lib/builtIn';
import { formatNumber, formatPercent, t } from '../../lib/i18n';
import { Badge, Facts } from '../../ui/parts';
import { daysLeft } from './daysLeft';
import { formatShift, UNKNOWN } from './format';
import type { Results, ResultsArm } from '../../../generated/results';
import { sayCaution, sayVerdict } from './say';
import { shownOf, sideOf, type View } from './shown';
import { isTold, VERDICT_TONE } from './told';
import { worthOf } from './worth';

function about(results: Results) {
    const goal = results.metrics.find((metric) => metric.role === 'primary') ?? results.metrics[0];
    const arms = goal?.variants.filter((arm) => arm.effect) ?? [];
    const wanted = results.verdict.variant ?? results.money?.variant;
    const arm =
        arms.find(({ key }) => key === wanted) ??
        [...arms].sort((a, b) => (b.effect?.bayesian.chance_to_win ?? 0) - (a.effect?.bayesian.chance_to_win ?? 0))[0];
    return goal && arm ? { goal, arm } : null;
}

const TONE = { '-1': 'bad', '0': '', '1': 'good' } as const;

const sureness = (arm: ResultsArm, results: Results, view: View): number =>
    view === 'frequentist' && arm.effect?.sequential ? 1 - arm.effect.sequential.alpha : results.confidence;

/* The goal's uplift, with how sure it is. */
function Statistic({ results, view, names }: { results: Results; view: View; names: Record<string, string> }) {
    const found = about(results);
    if (!found || !isTold(results.verdict)) return null;
    const { goal, arm } = found;
    const { shift, interval } = shownOf(arm.effect, view);
    if (shift === null || interval === null) return null;
    const end = (value: number | null, open: string) => (value === null ? open : formatShift(value));
    return (
        <div class="hero-statistic">
            <span class={`hero-figure number ${TONE[sideOf(interval, goal.direction)]}`}>{formatShift(shift)}</span>
            <span class="soft">
                {t('hero.statistic', {
                    variant: names[arm.key] ?? arm.key,
                    metric: metricName(goal),
                    baseline: names[results.control ?? ''] ?? results.control ?? '',
                })}
                <br />
                {t('hero.interval', {
                    confidence: formatPercent(sureness(arm, results, view), 0),
                    low: end(interval[0], '−∞'),
                    high: end(interval[1], '∞'),
                })}
            </span>
        </div>
    );
}

function Worth({ results, names }: { results: Results; names: Record<string, string> }) {
    const { money } = results;
    const metric = results.metrics.find(({ key }) => key === money?.metric);
    const sentences = worthOf(results);
    if (!money || !metric || sentences.length === 0) return null;
    const title = t('hero.money', {
        metric: metricName(metric),
        variant: names[money.variant] ?? money.variant,
    });
    return (
        <div class="hero-money stack-small" role="group" aria-label={title}>
            <span class="small soft">{title}</span>
            {sentences.map((sentence) => (
                <p key={sentence} class="strong">
                    {sentence}
                </p>
            ))}
        </div>
    );
}

function factsOf({ verdict, totals }: Results): { label: string; value: ComponentChildren }[] {
    const { units, needed_units: needed, days } = verdict;
    const left = daysLeft(verdict);
    return [
        {
            label: t(totals === 'daily' ? 'results.visitorDays' : 'results.fact.visitors'),
            value: needed ? t('results.fact.of', { units, needed: Math.ceil(needed) }) : formatNumber(units),
        },
        { label: t('results.fact.days'), value: days === null ? UNKNOWN : formatNumber(days, 1) },
        ...(left === null ? [] : [{ label: t('hero.left.label'), value: left }]),
    ];
}

interface VerdictProps {
    results: Results;
    view: View;
    names: Record<string, string>;
    children?: ComponentChildren; // what can be done about it
}

export function Verdict({ results, view, names, children }: VerdictProps) {
    const { answer, cautions } = results.verdict;
    const isBroken = answer === 'broken';
    return (
        <section class={`card hero hero-${answer} stack`} aria-label={t('results.verdict')}>
            <div class="row spread">
                <Badge tone={VERDICT_TONE[answer]}>{t(`results.verdict.${answer}`)}</Badge>
                <div class="row no-print">{children}</div>
            </div>
            <p class="lead" role={isBroken ? 'alert' : undefined}>
                {sayVerdict(results, names)}
            </p>
            {isBroken && <p>{t('hero.broken.next')}</p>}
            <Statistic results={results} view={view} names={names} />
            <Worth results={results} names={names} />
            {cautions.map((caution) => (
                <p key={caution.text} class="note note-warn">
                    {sayCaution(results, caution, names)}
                </p>
            ))}
            <Facts facts={factsOf(results)} />
        </section>
    );
}
