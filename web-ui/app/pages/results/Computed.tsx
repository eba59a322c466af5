// SPDX-License-Identifier: GPL-3.0-or-later
// How the figures came about: method, formula, and the sums to do it again by hand.
import { hasMessage, t } from '../../lib/i18n';
import type { ResultsMetric } from '../../../generated/results';

const RAW = ['n', 'sum_n', 'sum_nn', 'sum_d', 'sum_nd', 'sum_dd', 'scale'] as const;

function Method({ name }: { name: string }) {
    const key = `results.method.${name}`;
    return <p>{hasMessage(key) ? t(key) : name}</p>;
}

export function Computed({ metric, names }: { metric: ResultsMetric; names: Record<string, string> }) {
    const effect = metric.variants.find((arm) => arm.effect)?.effect;
    const shown = RAW.filter((key) => metric.variants.some((arm) => String(arm.raw[key] ?? '0') !== '0'));
    return (
        <div class="stack-small">
            <h3>{metric.name}</h3>
            {effect && (
                <>
                    <Method name={effect.frequentist.method} />
                    <Method name="normal_mixture" />
                    <Method name={effect.bayesian.method} />
                </>
            )}
            <div class="table-scroll" tabIndex={0} role="region" aria-label={metric.name}>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t('results.variant')}</th>
                            {shown.map((key) => (
                                <th key={key} scope="col" class="number mono">
                                    {key}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {metric.variants.map((arm) => (
                            <tr key={arm.key}>
                                <th scope="row">{names[arm.key] ?? arm.key}</th>
                                {shown.map((key) => (
                                    <td key={key} class="number">
                                        {String(arm.raw[key] ?? '')}
                                    </td>
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </div>
    );
}
