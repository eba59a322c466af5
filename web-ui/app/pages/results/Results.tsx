// SPDX-License-Identifier: GPL-3.0-or-later
// What a decision-maker reads: the sentence first, then one picture for each metric, then the rest.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatDate, formatNumber, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Empty, Loaded, Skeleton } from '../../ui/feedback';
import { SelectField } from '../../ui/Field';
import type { Campaign, Phase } from '../campaigns/campaign';
import { DecisionCard } from '../decision/DecisionCard';
import type { Campaign as Whole } from '../editor/state/document';
import { Breakdown } from './Breakdown';
import { Computed } from './Computed';
import { Course } from './Course';
import { DistributionTable } from './Distribution';
import { Health } from './Health';
import { Interactions } from './Interactions';
import { MetricCard } from './MetricCard';
import { OverTime } from './OverTime';
import { PhaseSwitch, useShownPhase } from './Phases';
import { Posterior } from './Posterior';
import type { Results } from '../../../generated/results';
import { inWords } from './say';
import { Toolbar, type Telling } from './Toolbar';
import { isTold } from './told';
import { Verdict } from './Verdict';

const REFRESH_MS = 15_000;
const resultsPath = (campaign: string): string => `/campaigns/${encodeURIComponent(campaign)}/results`;
const STORED_VIEW = 'mete.resultsView';

const storedTelling = (): Telling => ({
    view: localStorage.getItem(STORED_VIEW) === 'bayesian' ? 'bayesian' : 'frequentist',
    scale: 'relative',
    baseline: null,
});

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

function Details({ results, names, phase }: { results: Results; names: Record<string, string>; phase: Phase }) {
    const [key, setKey] = useState(results.metrics[0]?.key ?? '');
    const metric = results.metrics.find((one) => one.key === key) ?? results.metrics[0];
    if (!metric) return null;
    const options = results.metrics.map(({ key: value, name: label }) => ({ value, label }));
    return (
        <>
            <div class="no-print">
                <SelectField label={t('results.metric')} value={metric.key} options={options} onValue={setKey} />
            </div>
            <Section title={t('results.overTime')} isOpen>
                <OverTime results={results} metricKey={metric.key} names={names} />
            </Section>
            <Section title={t('results.course.value', { metric: metric.name })} isOpen>
                <Course results={results} metric={metric} names={names} kind="value" />
            </Section>
            <Section title={t('results.course.units')}>
                <Course results={results} metric={metric} names={names} kind="units" />
            </Section>
            <Section title={t('results.posterior')} isOpen>
                <Posterior metric={metric} names={names} currency={results.currency} />
            </Section>
            <Section title={t('results.distribution.title')}>
                <DistributionTable metric={metric} names={names} currency={results.currency} />
            </Section>
            <Section title={t('results.breakdown')}>
                <Breakdown campaign={results.campaign} phase={phase} metricKey={metric.key} names={names} />
            </Section>
        </>
    );
}

interface BodyProps {
    results: Results;
    telling: Telling;
    names: Record<string, string>;
    phase: Phase;
}

/* All below the verdict. */
function Body({ results, telling: { view, scale }, names, phase }: BodyProps) {
    const { currency } = results;
    const isMuted = !isTold(results.verdict);
    return (
        <>
            {scale === 'impact' && <p class="small soft">{trafficText(results)}</p>}
            {results.metrics.map((metric) => (
                <MetricCard key={metric.key} {...{ metric, view, scale, isMuted, names, currency }} />
            ))}
            <Details results={results} names={names} phase={phase} />
            <Section title={t('results.health')} isOpen>
                <Health results={results} names={names} />
            </Section>
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

/* Compared with another arm, everything is asked anew; but the verdict is that of the control. */
function useCompared(path: string | null, control: Results | undefined, baseline: string | null) {
    const isOther = baseline !== null && baseline !== control?.control;
    const other = useQuery<Results>(path && isOther ? `${path}&baseline=${encodeURIComponent(baseline)}` : null, {
        every: REFRESH_MS,
    });
    return { isOther, compared: isOther ? other.data : control };
}

interface ResultsViewProps {
    campaign: Campaign & Whole;
    onChanged: () => Promise<void>;
}

/* 'campaign' is the campaign as configured, for the variants' names. */
export function ResultsView({ campaign, onChanged }: ResultsViewProps) {
    const phase = useShownPhase(campaign);
    const path = phase ? `${resultsPath(campaign.key)}?phase=${phase.number}` : null;
    const query = useQuery<Results>(path, { every: REFRESH_MS });
    const [telling, setTelling] = useState<Telling>(storedTelling);
    const { isOther, compared } = useCompared(path, query.data, telling.baseline);
    const variants = [...(phase?.variants ?? []), ...campaign.variants];
    const names = Object.fromEntries(variants.map((variant) => [variant.key, variant.name || variant.key]));
    const tell = (next: Telling) => {
        localStorage.setItem(STORED_VIEW, next.view);
        setTelling(next);
    };
    if (!phase) return <Empty title={t('results.draft')}>{t('results.draft.text')}</Empty>;
    return (
        <Loaded query={query} lines={12}>
            {(read) => (
                <div class="stack">
                    <PhaseSwitch phases={campaign.phases} shown={phase} names={names} />
                    <Verdict {...{ results: read, view: telling.view, names, campaign, onChanged }} />
                    <DecisionCard campaign={campaign} onChanged={onChanged} />
                    <Toolbar results={read} names={names} telling={telling} onTelling={tell} />
                    {isOther && <p class="note">{t('results.baseline.other', { name: names[telling.baseline!]! })}</p>}
                    {compared ? (
                        <Body results={inWords(compared)} telling={telling} names={names} phase={phase} />
                    ) : (
                        <Skeleton />
                    )}
                </div>
            )}
        </Loaded>
    );
}
