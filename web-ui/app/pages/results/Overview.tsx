// SPDX-License-Identifier: GPL-3.0-or-later
// All metrics on one scale: what the variants change, and what is not known yet.
import { t } from '../../lib/i18n';
import type { Results } from '../../../generated/results';
import { Forest } from './charts/Forest';
import { Legend } from './charts/Legend';
import { intervalOf, shownOf, type View } from './shown';
import { whyNoInterval } from './Totals';

const TONES = { better: 'var(--good)', worse: 'var(--bad)', open: 'var(--accent)' } as const;

interface OverviewProps {
    results: Results;
    view: View;
    isMuted: boolean; // no figure has a side yet
    names: Record<string, string>;
}

/* Nothing, where no metric has an interval. */
export function Overview({ results, view, isMuted, names }: OverviewProps) {
    const metrics = results.metrics.filter(
        (metric) =>
            !whyNoInterval(metric) &&
            metric.variants.some((arm) => arm.effect && shownOf(arm.effect, view).shift !== null),
    );
    if (metrics.length === 0) return null;
    const control = results.control ?? '';
    const tones = isMuted ? (['open'] as const) : (['better', 'worse', 'open'] as const);
    const said = Object.fromEntries(tones.map((tone) => [tone, t(`results.forest.${tone}`)]));
    return (
        <section class="card stack" aria-label={t('results.forest')}>
            <h2>{t('results.forest')}</h2>
            <p class="small soft">{t(`results.forest.${intervalOf(view, 'relative')}`)}</p>
            <Forest metrics={metrics} scale="relative" currency={results.currency} {...{ view, isMuted, names }} />
            <Legend
                keys={[control, ...tones]}
                colors={['var(--series-control)', ...tones.map((tone) => TONES[tone])]}
                names={{ ...said, [control]: t('results.forest.control', { name: names[control] ?? control }) }}
            />
        </section>
    );
}
