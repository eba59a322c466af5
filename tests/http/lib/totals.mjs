// SPDX-License-Identifier: GPL-3.0-or-later
// Totals a day, told to a server under test by its API.
import { until } from './wait.mjs';

/* One row for each day and variant. 'sums': {metric: sum or [sum, squares]}. */
export const row = (day, variant, visitors, sums = {}) => ({
    day,
    variant,
    visitors,
    sums: Object.fromEntries(
        Object.entries(sums).map(([metric, told]) => {
            const [sum, squares] = [told].flat();
            return [metric, squares === undefined ? { sum } : { sum, squares }];
        }),
    ),
});

/* Resolves with the reply to an import of totals into a new campaign of the variants a (the control) and b. Metrics are
   keys, or objects with a role. */
export async function tellTotals(server, key, metrics, totals) {
    const made = await server.api('POST', '/campaigns', {
        key,
        kind: 'experiment',
        variants: ['a', 'b'].map((name) => ({ key: name, weight: 0.5, is_control: name === 'a' })),
        metrics: metrics.map((metric) => (typeof metric === 'string' ? { key: metric } : metric)),
    });
    if (made.status !== 201) return made;
    return server.api('POST', `/campaigns/${key}/import`, { file_name: `${key}.csv`, totals });
}

/* Resolves with the results once every day has its look. */
export async function untilComplete(server, key) {
    let results;
    await until(
        async () => {
            results = (await server.api('GET', `/campaigns/${key}/results`)).body;
            return results.health?.fold.is_complete;
        },
        60_000,
        `the looks of ${key}`,
    );
    return results;
}
