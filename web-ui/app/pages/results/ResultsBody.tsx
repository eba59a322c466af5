// SPDX-License-Identifier: GPL-3.0-or-later
// All below the verdict: one picture for each metric, then the rest.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatDate, formatNumber, t } from '../../lib/i18n';
import { SelectField } from '../../ui/Field';
import type { Phase } from '../campaigns/campaign';
import { Breakdown } from './Breakdown';
import { Computed } from './Computed';
import { Course } from './charts/Course';
import { Exposures } from './charts/Exposures';
import { SinceExposure } from './charts/SinceExposure';
import { DistributionTable } from './Distribution';
import { exposedPath } from './Figure';
import { Health } from './Health';
import { Findings } from './insight/Findings';
import { Insight } from './insight/Insight';
import { Interactions } from './Interactions';
import { MetricCard } from './MetricCard';
import { Overview } from './Overview';
import { Prove } from './prove/Prove';
import { OverTime } from './charts/OverTime';
import { Posterior } from './charts/Posterior';
import type { Results } from '../../../generated/results';
import type { Telling } from './Toolbar';
import { isTold } from './told';
import { whyNoInterval } from './Totals';

/* What a month is made of. */
function trafficText({ traffic }: Results): string {
    if (traffic.month_units === null) return t('results.traffic.none');
    return t('results.traffic', {
        units: Math.round(traffic.units),
        days: formatNumber(traffic.days, 0),
        month: Math.round(traffic.month_units),
    });
}

function Section({ title, children, isOpen }: { title: string; children: ComponentChildren; isOpen?: boolean }) {
    return (
        <details class="card" open={isOpen}>
            <summary>
                <h2>{title}</h2>
            </summary>
            <div class="stack">{children}</div>
        </details>
    );
}

interface BodyProps {
    results: Results;
    telling: Telling;
    names: Record<string, string>;
    phase: Phase | null; // null: it cannot be broken down, by who may not ask for more
}

function Details({ results, names, phase }: Omit<BodyProps, 'telling'>) {
    const [key, setKey] = useState(results.metrics[0]?.key ?? '');
    const metric = results.metrics.find((one) => one.key === key) ?? results.metrics[0];
    if (!metric) return null;
    const options = results.metrics.map(({ key: value, name: label }) => ({ value, label }));
    const why = whyNoInterval(metric);
    const noInterval = why && <p class="soft">{why}</p>;
    const noVisitors = results.totals && <p class="soft">{t('results.totals.lacks')}</p>;
    return (
        <>
            <div class="no-print">
                <SelectField label={t('results.metric')} value={metric.key} options={options} onValue={setKey} />
            </div>
            <Section title={t('results.overTime')} isOpen>
                {noInterval || <OverTime results={results} metricKey={metric.key} names={names} />}
            </Section>
            <Section title={t('results.course.value', { metric: metric.name })} isOpen>
                <Course results={results} metric={metric} names={names} kind="value" />
            </Section>
            <Section title={t('results.since')}>
                {noVisitors || <SinceExposure results={results} metric={metric} names={names} />}
            </Section>
            <Section title={t('results.exposures')}>
                <Exposures results={results} names={names} />
            </Section>
            <Section title={t('results.course.units')}>
                <Course results={results} metric={metric} names={names} kind="units" />
            </Section>
            <Section title={t('results.posterior')} isOpen>
                {noInterval || <Posterior metric={metric} names={names} currency={results.currency} />}
            </Section>
            <Section title={t('results.distribution.title')}>
                {noVisitors || <DistributionTable metric={metric} names={names} currency={results.currency} />}
            </Section>
            {phase && !results.totals && (
                <Findings
                    campaign={results.campaign}
                    phase={phase.number}
                    metrics={results.metrics}
                    currency={results.currency}
                    names={names}
                />
            )}
            {phase && (
                <Section title={t('results.breakdown')}>
                    {noVisitors || (
                        <Breakdown campaign={results.campaign} phase={phase} metricKey={metric.key} names={names} />
                    )}
                </Section>
            )}
        </>
    );
}

export function ResultsBody({ results, telling: { view, scale }, names, phase }: BodyProps) {
    const { currency } = results;
    const isMuted = !isTold(results.verdict);
    const listOf = (variant: string) =>
        phase && !results.totals ? exposedPath(results.campaign, phase, `variant=${variant}`) : null;
    return (
        <>
            <Overview results={results} view={view} isMuted={isMuted} names={names} />
            {scale === 'impact' && <p class="small soft">{trafficText(results)}</p>}
            {results.metrics.map((metric) => (
                <MetricCard key={metric.key} {...{ metric, view, scale, isMuted, names, currency, listOf }} />
            ))}
            <Insight results={results} names={names} />
            <Details results={results} names={names} phase={phase} />
            <Section title={t('results.health')} isOpen>
                <Health results={results} names={names} phase={phase} />
            </Section>
            {phase && !results.totals && (
                <Prove campaign={results.campaign} phase={phase.number} metrics={results.metrics} />
            )}
            <Section title={t('results.interactions')}>
                <Interactions
                    interactions={results.interactions ?? []}
                    metrics={results.metrics}
                    names={names}
                    currency={results.currency}
                />
            </Section>
            <Section title={t('results.computed')}>
                <p class="soft">{t('results.computed.text')}</p>
                {results.metrics.map((metric) => (
                    <Computed key={metric.key} metric={metric} names={names} />
                ))}
            </Section>
            <p class="small soft">
                {t('results.asOf', { time: formatDate(results.as_of, 'time'), zone: results.time_zone })}
            </p>
        </>
    );
}
