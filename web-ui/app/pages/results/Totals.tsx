// SPDX-License-Identifier: GPL-3.0-or-later
// What a campaign of totals cannot tell, and why: there are no visitors to ask.
import { t } from '../../lib/i18n';
import type { Results, ResultsMetric } from '../../../generated/results';

/* Why nothing but values is known of a metric; null: more is. */
export function whyNoInterval(metric: ResultsMetric): string | null {
    const status = metric.variants.find((arm) => arm.status === 'no_spread' || arm.status === 'repeated_units')?.status;
    if (!status) return null;
    return t(status === 'no_spread' ? 'results.no_spread' : 'results.repeated_units');
}

/* What is counted: visitors, or each of them on each day it came. */
export const unitsLabel = (isRepeated: boolean) => t(isRepeated ? 'results.visitorDays' : 'results.visitors');

export function TotalsNote({ totals }: { totals: Results['totals'] }) {
    if (!totals) return null;
    return (
        <p class="note">
            {t(totals === 'daily' ? 'results.totals.daily' : 'results.totals.new')} {t('results.totals.lacks')}
        </p>
    );
}
