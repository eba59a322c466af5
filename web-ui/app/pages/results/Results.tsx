// SPDX-License-Identifier: GPL-3.0-or-later
// What a decision-maker reads: the sentence first, then the figures.
import { useState } from 'preact/hooks';
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Empty, Loaded, Skeleton } from '../../ui/feedback';
import type { Campaign } from '../campaigns/campaign';
import { DecisionCard } from '../decision/DecisionCard';
import { NextStep } from '../decision/NextStep';
import type { Campaign as Whole } from '../editor/state/document';
import { ShareButton } from '../share/ShareButton';
import { PhaseSwitch, useShownPhase } from './Phases';
import type { Results } from '../../../generated/results';
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
                    <Verdict results={read} view={telling.view} names={names}>
                        <NextStep results={read} campaign={campaign} onChanged={onChanged} />
                    </Verdict>
                    <TotalsNote totals={read.totals} />
                    <DecisionCard campaign={campaign} onChanged={onChanged} />
                    <Toolbar results={read} names={names} telling={telling} onTelling={tell} hasBaseline>
                        <ShareButton campaign={campaign.key} />
                    </Toolbar>
                    {isOther && <p class="note">{t('results.baseline.other', { name: names[telling.baseline!]! })}</p>}
                    {compared ? (
                        <ResultsBody results={inWords(compared)} telling={telling} names={names} phase={phase} />
                    ) : (
                        <Skeleton />
                    )}
                </div>
            )}
        </Loaded>
    );
}
