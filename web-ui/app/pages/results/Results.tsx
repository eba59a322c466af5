// SPDX-License-Identifier: GPL-3.0-or-later
// What a decision-maker reads: the sentence first, then the figures.
import { useState } from 'preact/hooks';
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Empty, Loaded } from '../../ui/feedback';
import type { Campaign } from '../campaigns/campaign';
import { DecisionCard } from '../decision/DecisionCard';
import { NextStep } from '../decision/NextStep';
import type { Campaign as Whole } from '../editor/state/document';
import { ShareButton } from '../share/ShareButton';
import { PhaseSwitch, useShownPhase } from './Phases';
import type { Results } from '../../../generated/results';
import { ReportTop } from './report/ReportTop';
import { ResultsBody } from './ResultsBody';
import { inWords } from './say';
import { Toolbar, type Telling } from './Toolbar';
import { TotalsNote } from './Totals';
import { Verdict } from './Verdict';

const REFRESH_MS = 15_000;
const resultsPath = (campaign: string): string => `/campaigns/${encodeURIComponent(campaign)}/results`;
const STORED_VIEW = 'mete.resultsView';

const storedTelling = (): Telling => ({
    view: localStorage.getItem(STORED_VIEW) === 'bayesian' ? 'bayesian' : 'frequentist',
    scale: 'relative',
    baseline: null,
});

/* Compared with another arm, everything is asked anew; but the verdict is that of the control. 'baseline' is the arm
 * that was chosen, where this phase has it; 'other' is null where that is the control. */
function useCompared(path: string | null, control: Results | undefined, chosen: string | null) {
    const baseline = control?.variants.some(({ key }) => key === chosen) ? chosen : null;
    const isOther = baseline !== null && baseline !== control?.control;
    const other = useQuery<Results>(path && isOther ? `${path}&baseline=${encodeURIComponent(baseline)}` : null, {
        every: REFRESH_MS,
    });
    return { baseline, other: isOther ? other : null };
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
    const [chosen, setChosen] = useState<Telling>(storedTelling);
    const { baseline, other } = useCompared(path, query.data, chosen.baseline);
    const telling = { ...chosen, baseline };
    const variants = [...(phase?.variants ?? []), ...campaign.variants];
    const names = Object.fromEntries(variants.map((variant) => [variant.key, variant.name || variant.key]));
    const tell = (next: Telling) => {
        localStorage.setItem(STORED_VIEW, next.view);
        setChosen(next);
    };
    if (!phase) return <Empty title={t('results.draft')}>{t('results.draft.text')}</Empty>;
    const body = (shown: Results) => (
        <ResultsBody results={inWords(shown)} telling={telling} names={names} phase={phase} />
    );
    return (
        <Loaded query={query} lines={12}>
            {(read) => (
                <div class="stack">
                    <ReportTop results={read} names={names} />
                    <PhaseSwitch phases={campaign.phases} shown={phase} names={names} />
                    <Verdict results={read} view={telling.view} names={names}>
                        <NextStep results={read} campaign={campaign} onChanged={onChanged} />
                    </Verdict>
                    <TotalsNote totals={read.totals} />
                    <DecisionCard campaign={campaign} onChanged={onChanged} />
                    <Toolbar
                        results={read}
                        compared={other ? other.data : read}
                        names={names}
                        telling={telling}
                        onTelling={tell}
                        hasBaseline
                    >
                        <ShareButton campaign={campaign.key} />
                    </Toolbar>
                    {other && <p class="note">{t('results.baseline.other', { name: names[baseline!]! })}</p>}
                    <Loaded query={other ?? { ...query, error: undefined }}>{body}</Loaded>
                </div>
            )}
        </Loaded>
    );
}
