// SPDX-License-Identifier: GPL-3.0-or-later
// Where few visitors make most of a sum and the variants' sizes differ much: the same test, corrected for skewness.
import type { ResultsMetric } from '../../../../generated/results';
import { t } from '../../../lib/i18n';
import { formatP, formatRange, shiftFormat } from '../format';

interface SkewedProps {
    metric: ResultsMetric;
    names: Record<string, string>;
    currency: string;
}

export function Skewed({ metric, names, currency }: SkewedProps) {
    return (
        <>
            {metric.variants.map(({ key, effect }) => {
                const corrected = effect?.frequentist.skew_corrected;
                if (!corrected) return null;
                return (
                    <p key={key} class="small soft">
                        {t('results.skewed', {
                            variant: names[key] ?? key,
                            p: formatP(corrected.p),
                            plain: formatP(effect.frequentist.p),
                            range: formatRange(corrected.interval, shiftFormat(metric, 'absolute', currency)),
                        })}
                    </p>
                );
            })}
        </>
    );
}
