// SPDX-License-Identifier: GPL-3.0-or-later
// Results as files: the API's JSON, a table as CSV.
import type { Results } from '../../../../generated/results';
import { csvOfRows, save } from '../../../lib/file';

export function saveJson(results: Results): void {
    save(new Blob([JSON.stringify(results, null, 2)], { type: 'application/json' }), `${results.campaign}.json`);
}

const HEAD = [
    'metric',
    'variant',
    'visitors',
    'sum',
    'value',
    'baseline',
    'uplift',
    'p',
    'p_always_valid',
    'uplift_low_always_valid',
    'uplift_high_always_valid',
    'chance_to_win',
    'expected_loss',
    'uplift_low_credible',
    'uplift_high_credible',
];

export function csvOf(results: Results): string {
    const rows = results.metrics.flatMap((metric) =>
        metric.variants.map((arm) => {
            const e = arm.effect;
            return [
                metric.key,
                arm.key,
                arm.units,
                arm.sum,
                arm.value,
                results.control,
                e?.frequentist.uplift,
                e?.frequentist.p,
                e?.sequential?.p,
                ...(e?.sequential?.uplift_interval ?? [null, null]),
                e?.bayesian.chance_to_win,
                e?.bayesian.expected_loss,
                ...(e?.bayesian.uplift_interval ?? [null, null]),
            ];
        }),
    );
    return csvOfRows([HEAD, ...rows]);
}

export function saveCsv(results: Results): void {
    save(new Blob([csvOf(results)], { type: 'text/csv;charset=utf-8' }), `${results.campaign}.csv`);
}
