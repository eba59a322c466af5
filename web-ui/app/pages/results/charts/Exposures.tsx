// SPDX-License-Identifier: GPL-3.0-or-later
// Who met each variant first, day by day.
import { formatNumber, t } from '../../../lib/i18n';
import type { Results } from '../../../../generated/results';
import { Lines, type Point } from './Lines';

const DAY_MS = 86_400_000;

/* Days without anybody are left out of the document: here they are nothing. */
function pointsOf({ exposures, variants }: Results): Point[] {
    const first = Date.parse(exposures[0]?.day ?? '');
    const last = Date.parse(exposures[exposures.length - 1]?.day ?? '');
    const known = new Map(exposures.map(({ day, variants: arms }) => [Date.parse(day), arms]));
    const days = Array.from({ length: Math.round((last - first) / DAY_MS) + 1 }, (_, i) => first + i * DAY_MS);
    return days.flatMap((day) =>
        variants.map(({ key }) => ({
            day: new Date(day),
            variant: key,
            value: known.get(day)?.find((arm) => arm.key === key)?.units ?? 0,
        })),
    );
}

export function Exposures({ results, names }: { results: Results; names: Record<string, string> }) {
    const days = results.exposures.length;
    if (days < 2) return <p class="soft">{t(days === 0 ? 'results.none' : 'results.exposures.one')}</p>;
    return (
        <Lines
            label={t('results.exposures.label', { days })}
            points={pointsOf(results)}
            keys={results.variants.map(({ key }) => key)}
            control={results.control}
            names={names}
            write={(value) => formatNumber(value)}
            hasZero
            seed=""
        />
    );
}
