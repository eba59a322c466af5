// SPDX-License-Identifier: GPL-3.0-or-later
// How many of the last 30 days' visitors the audience takes in, while it is written; and what cannot be known.
import { formatNumber, formatPercent, t } from '../../../lib/i18n';
import { errorText } from '../../../ui/feedback';
import type { Condition } from '../state/document';
import { useEstimate } from '../state/useEstimate';

export function Estimate({ condition }: { condition: Condition | null }) {
    const { found, error } = useEstimate(condition);
    const hasVisitors = found !== null && found.visitors > 0 && found.share !== null;
    return (
        <div class="estimate" role="status" aria-live="polite">
            {hasVisitors && (
                <>
                    <div class="estimate-figures">
                        <strong class="estimate-share number">{formatPercent(found.share ?? 0, 1)}</strong>
                        <span>
                            {t('editor.estimate.text', {
                                matching: formatNumber(found.matching),
                                visitors: formatNumber(found.visitors),
                                days: found.days,
                            })}
                        </span>
                    </div>
                    <div class="meter" aria-hidden="true">
                        <span style={{ width: `${(found.share ?? 0) * 100}%` }} />
                    </div>
                    {found.sampled < found.visitors && (
                        <p class="small soft">
                            {t('editor.estimate.sampled', {
                                sampled: found.sampled,
                                low: formatPercent(found.low ?? 0, 1),
                                high: formatPercent(found.high ?? 0, 1),
                            })}
                        </p>
                    )}
                </>
            )}
            {found !== null && !hasVisitors && <p class="soft">{t('editor.estimate.none', { days: found.days })}</p>}
            {found === null && !error && <p class="soft">{t('state.loading')}</p>}
            {found !== null && found.unknown.length > 0 && (
                <p class="warn small">{t('editor.estimate.unknown', { list: found.unknown.join(', ') })}</p>
            )}
            {error && (
                <p class="bad small" role="alert">
                    {errorText(error)}
                </p>
            )}
        </div>
    );
}
