// SPDX-License-Identifier: GPL-3.0-or-later
// The verdict at an import's end: judged when all is counted and every day has its look, said once, and the one that
// the API gives from then on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer } from '../lib/harness.mjs';

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const mapping = (key, more = {}) => ({
    campaign: { key, control: 'a' },
    visitor: { column: 'id', prefix: `${key}-` },
    variant: { column: 'g' },
    time: { column: 't' },
    events: [{ name: 'conv', when: { column: 'c', equals: '1' } }],
    metrics: [{ key: 'conv_rate', kind: 'conversion', event: 'conv' }],
    ...more,
});

/* Of each day the visitors of a and b, of whom every so many converts. */
function csv(days, every) {
    const lines = ['id,g,t,c'];
    for (const [day, sizes] of days.entries())
        for (const [arm, count] of sizes.entries())
            for (let i = 0; i < count; i++)
                lines.push(`${lines.length},${'ab'[arm]},2024-02-${10 + day},${i % every[arm] === 0 ? 1 : 0}`);
    return `${lines.join('\n')}\n`;
}

const week = (a, b) => Array(8).fill([a, b]);
const FIT = /^sizes fit the weights \(SRM p [\d.]+\)$/m;
const BROKEN = ['broken', 'srm'];
const twice = csv([[40, 40]], [4, 4]).concat('1,b,2024-02-11,0\n');

/* [what, file, answer and rule, days, health.warnings, cautions, what is said of sizes, mapping] */
// prettier-ignore
const CASES = [
    ['uneven-days', csv([[100, 20], [20, 100]], [3, 3]), BROKEN, 2, ['srm'], [], /^WARNING: .*, p 1; over 3 looks p /m],
    ['uneven-start', csv([[90, 10], ...week(50, 50)], [3, 3]), BROKEN, 9, ['srm'], [], /^WARNING: /m],
    ['uneven-sum', csv([[600, 450]], [4, 4]), BROKEN, 1, ['srm'], [], /^WARNING: /m],
    ['odd', csv([[500, 410]], [4, 4]), ['not_enough', 'ended_early'], 1, ['srm'], [], /^CAUTION: .*sizes fit/m],
    ['weights', csv([[400, 100]], [4, 4]), ['not_enough', 'ended_early'], 1, [], [], FIT,
        { weights: { a: 0.8, b: 0.2 } }],
    ['weights-do-not-fit', csv([[250, 250]], [4, 4]), BROKEN, 1, ['srm'], [], /^WARNING: /m,
        { weights: { a: 0.8, b: 0.2 } }],
    ['few', csv(week(10, 10), [10, 10]), ['not_enough', 'few_conversions'], 8, [], [], FIT],
    ['winner', csv(week(250, 250), [3, 2]), ['ship', 'winner'], 8, [], [], FIT],
    ['winner-of-a-day', csv([[2000, 2000]], [3, 2]), ['ship', 'winner'], 1, [], [], FIT],
    ['loser', csv(week(250, 250), [2, 3]), ['stop', 'loser'], 8, [], [], FIT],
    ['large', csv(week(150, 150), [5, 2]), ['ship', 'winner'], 8, [], ['twyman'], FIT],
    ['large-loss', csv(week(150, 150), [2, 5]), ['stop', 'loser'], 8, [], ['twyman'], FIT],
    ['crossover', twice, ['not_enough', 'few_conversions'], 2, ['crossovers'], [], FIT],
];

for (const [key, text, judged, days, warnings, cautions, sizes, more = {}] of CASES) {
    test(`one verdict: ${key}`, async () => {
        folder.write('mapping.json', mapping(key, more));
        folder.write('rows.csv', text);
        const { status, stdout, stderr } = await folder.run(['import', '--mapping', 'mapping.json', 'rows.csv']);
        assert.equal(status, 0, stderr);
        const { verdict, health } = (await server.api('GET', `/campaigns/${key}/results`)).body;
        assert.deepEqual([verdict.answer, verdict.rule], judged, verdict.text);
        if (days !== null) assert.equal(Math.round(verdict.days), days);
        assert.deepEqual(health.warnings, warnings);
        assert.deepEqual(
            verdict.cautions.map(({ rule }) => rule),
            cautions,
        );
        assert.equal(health.fold.is_complete, true);
        const said = stdout.match(/^(SHIP|STOP|GO ON|NOT ENOUGH|BROKEN): .*$/gm);
        assert.deepEqual(said, [`${judged[0].toUpperCase().replace('_', ' ')}: ${verdict.text}`]);
        assert.match(stdout, sizes);
        assert.equal(stdout.match(/sizes (do not )?fit/gm).length, judged[1] === 'srm' ? 2 : 1, stdout);
    });
}
