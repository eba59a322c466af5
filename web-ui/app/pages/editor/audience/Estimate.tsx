// SPDX-License-Identifier: GPL-3.0-or-later
// How many of the last 30 days' visitors the audience takes in, while it is written; and what cannot be known.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, change } from '../../../lib/api';
import { formatNumber, formatPercent, t } from '../../../lib/i18n';
import { errorText } from '../../../ui/feedback';
import type { Condition } from '../document';

export interface EstimateReply {
    visitors: number;
    sampled: number;
    days: number;
    matching: number;
    share: number | null;
    low: number | null;
    high: number | null;
    unknown: string[];
}

const PAUSE_MS = 250;

/* The newest answer; what was there stays until the next has come. */
export function useEstimate(condition: Condition | null): { found: EstimateReply | null; error: ApiError | null } {
    const [found, setFound] = useState<EstimateReply | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    const turn = useRef(0);
    const text = JSON.stringify(condition);
    useEffect(() => {
        turn.current += 1;
        const mine = turn.current;
        const timer = setTimeout(() => {
            change<EstimateReply>('POST', '/audience/estimate', { condition }).then(
                ({ body }) => {
                    if (mine !== turn.current) return;
                    setFound(body);
                    setError(null);
                },
                (cause: unknown) => mine === turn.current && setError(cause as ApiError),
            );
        }, found ? PAUSE_MS : 0);
        return () => clearTimeout(timer);
    }, [text]);
    return { found, error };
}

export function Estimate({ condition }: { condition: Condition | null }) {
    const { found, error } = useEstimate(condition);
    const hasVisitors = found !== null && found.visitors > 0 && found.share !== null;
    return (
        <div class="estimate" role="status" aria-live="polite">
            {hasVisitors && (
                <>
                    <div class="estimate-figures">
                        <strong class="estimate-share number">{formatPercent(found.share ?? 0, 1)}</strong>
                        <span>{t('editor.estimate.text', { matching: formatNumber(found.matching), visitors: formatNumber(found.visitors), days: found.days })}</span>
                    </div>
                    <div class="meter" aria-hidden="true"><span style={{ width: `${(found.share ?? 0) * 100}%` }} /></div>
                    {found.sampled < found.visitors && (
                        <p class="small soft">{t('editor.estimate.sampled', { sampled: found.sampled, low: formatPercent(found.low ?? 0, 1), high: formatPercent(found.high ?? 0, 1) })}</p>
                    )}
                </>
            )}
            {found !== null && !hasVisitors && <p class="soft">{t('editor.estimate.none', { days: found.days })}</p>}
            {found === null && !error && <p class="soft">{t('state.loading')}</p>}
            {found !== null && found.unknown.length > 0 && <p class="warn small">{t('editor.estimate.unknown', { list: found.unknown.join(', ') })}</p>}
            {error && <p class="bad small" role="alert">{errorText(error)}</p>}
        </div>
    );
}
