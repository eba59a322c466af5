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

const COLUMNS = {
    variant: 'group',
    control: 'A',
    time: 'day',
    visitors: 'visitors',
    conversion: 'orders',
    value: 'revenue',
    squares: 'squares',
};

/* Options of the command line that say which column is what; null: is left out. */
export const argsOf = (columns = {}) =>
    Object.entries({ ...COLUMNS, ...columns }).flatMap(([name, column]) =>
        column === null ? [] : [`--${name}`, column],
    );

export const HEADER = ['day', 'group', 'visitors', 'orders', 'revenue', 'squares'];
export const ROWS = [
    ['2024-05-13', 'A', '1000', '100', '1234.5', '25000.25'],
    ['2024-05-13', 'B', '1000', '150', '2000', '45000'],
    ['2024-05-14', 'A', '500', '40', '600.25', '14000.5'],
    ['2024-05-14', 'B', '500', '60', '1000', '22000'],
];

const quoted = (cell, between) => (cell.includes(between) ? `"${cell}"` : cell);

/* The rows as a file. */
export const table = (rows = ROWS, between = ',') =>
    [HEADER, ...rows].map((cells) => `${cells.map((cell) => quoted(cell, between)).join(between)}\r\n`).join('');

/* The file with one cell of one row, from 1, changed; and with one row more. */
export const withCell = (number, column, value) =>
    table(ROWS.map((cells, i) => cells.map((was, k) => (i + 1 === number && HEADER[k] === column ? value : was))));
export const withRow = (...cells) => table([...ROWS, cells]);

/* Resolves with what `mete import --totals` said of a file of the campaign's name. 'folder' is a CliFolder. */
export function importTotals(folder, key, csv, { columns = {}, args = [], env = {} } = {}) {
    folder.write(`${key}.csv`, csv);
    const options = ['--campaign', key, ...argsOf(columns), ...args];
    return folder.run(['import', '--totals', '--json', ...options, `${key}.csv`], env);
}
