// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the tests keep their promise on this campaign's own visitors: a button, a badge, two pictures.
import { useState } from 'preact/hooks';
import type { ResultsMetric } from '../../../../generated/results';
import { change } from '../../../lib/api';
import { formatDate, formatNumber, formatPercent, t } from '../../../lib/i18n';
import { saidOrQuoted } from '../../../lib/sentences';
import { useMay } from '../../../lib/session';
import { Button } from '../../../ui/Button';
import { ErrorNote } from '../../../ui/feedback';
import { Badge, type Tone } from '../../../ui/parts';
import { formatP } from '../format';
import { Evenness, Peeking } from './Pictures';
import { isOpenJob, useProofs, verdictOf, type ProveJob, type ProveMetric, type ProveReport } from './proofs';

const TONES: Record<ProveMetric['verdict'], Tone> = {
    calibrated: 'good',
    too_many_false_calls: 'bad',
    too_few_false_calls: 'warn',
    not_tested: 'plain',
};

function Metric({ metric, report, name }: { metric: ProveMetric; report: ProveReport; name: string }) {
    const { false_calls: calls, p_values: even } = metric;
    return (
        <div class="stack-small">
            <h3>
                {name} <Badge tone={TONES[metric.verdict]}>{t(`prove.verdict.${metric.verdict}`)}</Badge>
            </h3>
            {calls && (
                <p>
                    {t('prove.calls', {
                        runs: formatNumber(calls.of),
                        calls: formatNumber(calls.count),
                        rate: formatPercent(calls.rate, 1),
                        low: formatPercent(calls.interval[0], 1),
                        high: formatPercent(calls.interval[1], 1),
                        promised: formatPercent(1 - report.confidence, 0),
                    })}
                </p>
            )}
            {even && (
                <>
                    <Evenness metric={metric} name={name} />
                    <p class="small soft">{t('prove.even.text', { p: formatP(even.ks_p) })}</p>
                </>
            )}
            <Peeking metric={metric} report={report} name={name} />
            <p class="small soft">{t('prove.peek.text', { count: report.looks.count })}</p>
        </div>
    );
}

function Work({ job }: { job: ProveJob }) {
    if (job.state === 'failed') return <p class="bad">{saidOrQuoted(job.problem ?? '')}</p>;
    if (!isOpenJob(job)) return null;
    return (
        <p class="row">
            <progress value={job.progress} max={1} aria-label={t('jobs.progress')} />
            <span class="small">{t('prove.working', { progress: formatPercent(job.progress, 0) })}</span>
        </p>
    );
}

interface ProveProps {
    campaign: string;
    phase: number;
    metrics: ResultsMetric[];
}

export function Prove({ campaign, phase, metrics }: ProveProps) {
    const [isBusy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>(null);
    const { list, newest, done } = useProofs(campaign, phase, isBusy);
    const may = useMay('editor');
    const report = done?.result;
    const isOpen = isOpenJob(newest);
    if (isOpen !== isBusy && list.data) setBusy(isOpen);
    const begin = async () => {
        try {
            await change('POST', '/prove', { campaign, phase });
            setError(null);
            await list.reload();
        } catch (cause) {
            setError(cause);
        }
    };
    return (
        <details class="card">
            <summary>
                <h2>
                    {t('prove.title')}{' '}
                    {report && <Badge tone={TONES[verdictOf(report)]}>{t(`prove.verdict.${verdictOf(report)}`)}</Badge>}
                </h2>
            </summary>
            <div class="stack">
                <p class="small soft">{t('prove.text')}</p>
                {error !== null && <ErrorNote error={error} />}
                {newest && <Work job={newest} />}
                {may && !isOpen && (
                    <div class="no-print">
                        <Button onClick={begin}>{t(done ? 'prove.again' : 'prove.start')}</Button>
                    </div>
                )}
                {done && report && (
                    <>
                        <p>
                            {t('prove.done', {
                                date: formatDate(done.created_at, 'time'),
                                runs: formatNumber(report.runs),
                                units: formatNumber(report.units),
                            })}
                        </p>
                        {report.metrics.map((metric) => (
                            <Metric
                                key={metric.key}
                                metric={metric}
                                report={report}
                                name={metrics.find(({ key }) => key === metric.key)?.name ?? metric.key}
                            />
                        ))}
                    </>
                )}
            </div>
        </details>
    );
}
