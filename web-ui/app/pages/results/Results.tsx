// SPDX-License-Identifier: GPL-3.0-or-later
// What a decision-maker reads: the sentence first, then one picture for each metric, then the rest.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { formatDate, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Button } from '../../ui/Button';
import { Empty, Loaded } from '../../ui/feedback';
import { SelectField } from '../../ui/Field';
import { Segmented } from '../../ui/parts';
import type { Campaign, Phase } from '../campaigns/campaign';
import { Breakdown } from './Breakdown';
import { Computed } from './Computed';
import { DistributionTable } from './Distribution';
import { saveCsv, saveJson, savePng } from './download';
import { Health } from './Health';
import { Interactions } from './Interactions';
import { MetricCard } from './MetricCard';
import { OverTime } from './OverTime';
import { PhaseSwitch, useShownPhase } from './Phases';
import { Posterior } from './Posterior';
import type { Results } from '../../../generated/results';
import { inWords } from './say';
import type { View } from './shown';
import { TotalsNote, whyNoInterval } from './Totals';
import { Verdict } from './Verdict';

const REFRESH_MS = 15_000;
const resultsPath = (campaign: string): string => `/campaigns/${encodeURIComponent(campaign)}/results`;
const STORED_VIEW = 'mete.resultsView';

const storedView = (): View => (localStorage.getItem(STORED_VIEW) === 'bayesian' ? 'bayesian' : 'frequentist');

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

function Toolbar({ results, view, setView }: { results: Results; view: View; setView: (view: View) => void }) {
    const options = (['frequentist', 'bayesian'] as const).map((value) => ({
        value,
        label: t(`results.view.${value}`),
    }));
    const pictures = () =>
        [...document.querySelectorAll<SVGSVGElement>('.plot svg')].filter((svg) => svg.clientWidth > 0);
    return (
        <div class="row spread no-print">
            <Segmented label={t('results.view')} value={view} options={options} onValue={setView} />
            <div class="row">
                <Button look="quiet" onClick={() => saveCsv(results)}>
                    CSV
                </Button>
                <Button look="quiet" onClick={() => saveJson(results)}>
                    JSON
                </Button>
                <Button look="quiet" onClick={() => savePng(results, pictures())}>
                    PNG
                </Button>
                <Button look="quiet" onClick={() => window.print()}>
                    {t('results.print')}
                </Button>
            </div>
        </div>
    );
}

function Details({ results, names, phase }: { results: Results; names: Record<string, string>; phase: Phase }) {
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
            <Section title={t('results.posterior')} isOpen>
                {noInterval || <Posterior metric={metric} names={names} currency={results.currency} />}
            </Section>
            <Section title={t('results.distribution.title')}>
                {noVisitors || <DistributionTable metric={metric} names={names} currency={results.currency} />}
            </Section>
            <Section title={t('results.breakdown')}>
                {noVisitors || (
                    <Breakdown campaign={results.campaign} phase={phase} metricKey={metric.key} names={names} />
                )}
            </Section>
        </>
    );
}

interface BodyProps {
    results: Results;
    view: View;
    setView: (view: View) => void;
    names: Record<string, string>;
    phase: Phase;
}

/* All below the verdict. */
function Body({ results, view, setView, names, phase }: BodyProps) {
    return (
        <>
            <Toolbar results={results} view={view} setView={setView} />
            {results.metrics.map((metric) => (
                <MetricCard key={metric.key} metric={metric} view={view} names={names} currency={results.currency} />
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

/* 'campaign' is the campaign as configured, for the variants' names. */
export function ResultsView({ campaign }: { campaign: Campaign }) {
    const phase = useShownPhase(campaign);
    const path = phase ? `${resultsPath(campaign.key)}?phase=${phase.number}` : null;
    const query = useQuery<Results>(path, { every: REFRESH_MS });
    const [view, setViewState] = useState<View>(storedView);
    const shown = useRef<HTMLDivElement>(null);
    const variants = [...(phase?.variants ?? []), ...campaign.variants];
    const names = Object.fromEntries(variants.map((variant) => [variant.key, variant.name || variant.key]));
    const setView = (next: View) => {
        localStorage.setItem(STORED_VIEW, next);
        setViewState(next);
    };
    if (!phase) return <Empty title={t('results.draft')}>{t('results.draft.text')}</Empty>;
    return (
        <Loaded query={query} lines={12}>
            {(read) => (
                <div class="stack" ref={shown}>
                    <PhaseSwitch phases={campaign.phases} shown={phase} names={names} />
                    <Verdict results={read} view={view} names={names} />
                    <TotalsNote totals={read.totals} />
                    <Body results={inWords(read)} view={view} setView={setView} names={names} phase={phase} />
                </div>
            )}
        </Loaded>
    );
}
