// SPDX-License-Identifier: GPL-3.0-or-later
// What is read first: what we know, how sure, what to do.
import { formatNumber, t } from '../../lib/i18n';
import { Badge, Facts, type Tone } from '../../ui/parts';
import { formatChance, formatRange, formatShift, UNKNOWN } from './format';
import type { Results } from '../../../generated/results';
import { metricName, sayCaution, sayVerdict } from './say';
import { shownOf, type View } from './shown';

const TONES: Record<Results['verdict']['answer'], Tone> = {
    ship: 'good',
    stop: 'bad',
    go_on: 'accent',
    not_enough: 'plain',
    broken: 'bad',
};

function best(results: Results) {
    const goal = results.metrics.find((metric) => metric.role === 'primary') ?? results.metrics[0];
    const arms = goal?.variants.filter((arm) => arm.effect) ?? [];
    const about =
        arms.find((arm) => arm.key === results.verdict.variant) ??
        [...arms].sort((a, b) => (b.effect?.bayesian.chance_to_win ?? 0) - (a.effect?.bayesian.chance_to_win ?? 0))[0];
    return { goal, about };
}

export function Verdict({ results, view, names }: { results: Results; view: View; names: Record<string, string> }) {
    const { answer, units, needed_units: needed, days } = results.verdict;
    const { goal, about } = best(results);
    const shown = shownOf(about?.effect, view);
    const facts = [
        {
            label: t(results.totals === 'daily' ? 'results.visitorDays' : 'results.fact.visitors'),
            value: needed ? t('results.fact.of', { units, needed: Math.ceil(needed) }) : formatNumber(units),
        },
        { label: t('results.fact.days'), value: days === null ? UNKNOWN : formatNumber(days, 1) },
        ...(goal && about
            ? [
                  {
                      label: t('results.fact.uplift', {
                          metric: metricName(goal),
                          variant: names[about.key] ?? about.key,
                      }),
                      value: (
                          <>
                              {formatShift(shown.uplift)} <span class="small soft">{formatRange(shown.interval)}</span>
                          </>
                      ),
                  },
                  { label: t('results.chance'), value: formatChance(about.effect?.bayesian.chance_to_win ?? null) },
              ]
            : []),
    ];
    return (
        <section class="card stack" aria-label={t('results.verdict')}>
            <div class="row">
                <Badge tone={TONES[answer]}>{t(`results.verdict.${answer}`)}</Badge>
            </div>
            <p class="lead">{sayVerdict(results, names)}</p>
            {results.verdict.cautions.map((caution) => (
                <p key={caution.text} class="note note-warn">
                    {sayCaution(results, caution, names)}
                </p>
            ))}
            <Facts facts={facts} />
        </section>
    );
}
