// SPDX-License-Identifier: GPL-3.0-or-later
// As each day closed: what a metric was for each variant, or how many visitors had met it.
import { formatNumber, t } from '../../../lib/i18n';
import type { Results, ResultsMetric } from '../../../../generated/results';
import { formatValue } from '../format';
import { Lines, type Point } from './Lines';

export type CourseKind = 'value' | 'units';

function pointsOf(results: Results, metric: ResultsMetric, kind: CourseKind): Point[] {
    return results.looks.flatMap((look) =>
        (look.metrics.find(({ key }) => key === metric.key)?.variants ?? []).flatMap((arm) => {
            const value = arm[kind];
            return value === null ? [] : [{ day: new Date(look.day), variant: arm.key, value }];
        }),
    );
}

interface CourseProps {
    results: Results;
    metric: ResultsMetric;
    names: Record<string, string>;
    kind: CourseKind;
}

export function Course({ results, metric, names, kind }: CourseProps) {
    if (results.looks.length < 2) return <p class="soft">{t('results.overTime.none')}</p>;
    return (
        <Lines
            label={t(`results.course.${kind}.label`, { metric: metric.name, days: results.looks.length })}
            points={pointsOf(results, metric, kind)}
            keys={results.variants.map(({ key }) => key)}
            control={results.control}
            names={names}
            write={(value) => (kind === 'units' ? formatNumber(value) : formatValue(metric, value, results.currency))}
            hasZero={kind === 'units'}
            seed={`${metric.key} ${results.currency} ${kind}`}
        />
    );
}
