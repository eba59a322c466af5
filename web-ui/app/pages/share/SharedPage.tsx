// SPDX-License-Identifier: GPL-3.0-or-later
// What a share link opens: the results as they are now, to be read and not to be changed, without signing in.
import { useState } from 'preact/hooks';
import type { Results } from '../../../generated/results';
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Empty, Loaded } from '../../ui/feedback';
import { Page } from '../../ui/parts';
import { ReportTop } from '../results/report/ReportTop';
import { ResultsBody } from '../results/ResultsBody';
import { inWords } from '../results/say';
import { Toolbar, type Telling } from '../results/Toolbar';
import { Verdict } from '../results/Verdict';

const REFRESH_MS = 60_000;

function SharedResults({ results }: { results: Results }) {
    const [telling, setTelling] = useState<Telling>({ view: 'frequentist', scale: 'relative', baseline: null });
    const names = Object.fromEntries(results.variants.map(({ key, name }) => [key, name || key]));
    return (
        <Page title={results.name || results.campaign}>
            <p class="soft no-print">{t('share.readOnly')}</p>
            <ReportTop results={results} names={names} />
            <Verdict results={results} view={telling.view} names={names} />
            <Toolbar results={results} compared={results} names={names} telling={telling} onTelling={setTelling} />
            <ResultsBody results={inWords(results)} telling={telling} names={names} phase={null} />
        </Page>
    );
}

export default function SharedPage({ token }: { token: string }) {
    const query = useQuery<Results>(`/shared/${encodeURIComponent(token)}`, { every: REFRESH_MS });
    const isGone = query.error?.status === 404;
    return (
        <main class="main">
            {isGone ? (
                <div class="page page-narrow">
                    <Empty title={t('share.gone')}>{t('share.gone.text')}</Empty>
                </div>
            ) : (
                <Loaded query={query} lines={12}>
                    {(results) => <SharedResults results={results} />}
                </Loaded>
            )}
        </main>
    );
}
