// SPDX-License-Identifier: GPL-3.0-or-later
// Totals a day, told to a server under test by its API.

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

/* Resolves with the reply to an import of totals into a new campaign of the variants a (the control), b, … */
export async function tellTotals(server, key, metrics, totals, variants = ['a', 'b']) {
    const made = await server.api('POST', '/campaigns', {
        key,
        kind: 'experiment',
        variants: variants.map((name, i) => ({ key: name, weight: 1 / variants.length, is_control: i === 0 })),
        metrics: metrics.map((metric) => ({ key: metric })),
    });
    if (made.status !== 201) return made;
    return server.api('POST', `/campaigns/${key}/import`, { file_name: `${key}.csv`, totals });
}
