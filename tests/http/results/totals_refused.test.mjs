// SPDX-License-Identifier: GPL-3.0-or-later
// Totals that no visitors can have made are refused where they stand, and nothing is half done.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { row, tellTotals } from '../lib/totals.mjs';

let server;
before(async () => {
    server = await startServer();
    await define({ key: 'visit_rate', kind: 'conversion', event: 'visit' });
    await define({ key: 'clicks', kind: 'count', event: 'click' });
    await define({ key: 'stay', kind: 'sum', event: 'leave', value: 'seconds', unit: 'number', window_hours: 72 });
});
after(() => server?.stop());

async function define(body) {
    const reply = await server.api('POST', '/metrics', body);
    assert.equal(reply.status, 201, reply.text);
}

const good = () => [
    row('2024-03-01', 'a', 100, { visit_rate: 10, clicks: [20, 60] }),
    row('2024-03-01', 'b', 100, { visit_rate: 10, clicks: [20, 60] }),
    row('2024-03-02', 'a', 50, { visit_rate: 5, clicks: [0, 0] }),
    row('2024-03-02', 'b', 50, { visit_rate: 5, clicks: [0, 0] }),
];
const changed = (index, ...changes) => {
    const rows = good();
    Object.assign(rows[index], ...changes);
    return { rows };
};
const sums = (index, metric, told) => {
    const rows = good();
    rows[index].sums[metric] = told;
    return { rows };
};
const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);

const REFUSED = [
    ['no rows', { rows: [] }, '/totals/rows'],
    ['no list', {}, '/totals/rows'],
    ['too many rows', { rows: Array.from({ length: 3001 }, () => good()[0]) }, '/totals/rows'],
    ['another word', { visitors: 'weekly', rows: good() }, '/totals/visitors'],
    ['an unknown field', { rows: good(), weeks: 1 }, '/totals/weeks'],
    ['an unknown field of a row', changed(1, { clicks: 5 }), '/totals/rows/1/clicks'],
    ['no day', changed(1, { day: null }), '/totals/rows/1/day'],
    ['a time', changed(1, { day: '2024-03-01T00:00:00Z' }), '/totals/rows/1/day'],
    ['no such day', changed(1, { day: '2024-02-30' }), '/totals/rows/1/day', /as 2024-01-31/],
    ['a day in words', changed(1, { day: '1 March' }), '/totals/rows/1/day'],
    [
        'a day that has not come',
        { rows: good().map((one, i) => (i < 2 ? one : { ...one, day: tomorrow })) },
        '/totals/rows/2/day',
        /lies ahead/,
    ],
    [
        'a day twice',
        changed(2, { day: '2024-03-01' }),
        '/totals/rows/2/day',
        /"a" has the day 2024-03-01 a second time/,
    ],
    [
        'a variant without a day',
        { rows: good().slice(0, 3) },
        '/totals/rows/2/day',
        /"b" has no row for the day 2024-03-02/,
    ],
    ['a variant without any', { rows: good().filter((_, i) => i % 2) }, '/totals/rows/0/day', /"a" has no row/],
    ['no variant', changed(1, { variant: null }), '/totals/rows/1/variant'],
    ['an unknown variant', changed(1, { variant: 'c' }), '/totals/rows/1/variant', /no variant "c"/],
    ['a variant in words', changed(1, { variant: 'B side' }), '/totals/rows/1/variant'],
    ['no visitors', changed(1, { visitors: null }), '/totals/rows/1/visitors'],
    ['fewer than none', changed(1, { visitors: -1 }), '/totals/rows/1/visitors'],
    ['half a visitor', changed(1, { visitors: 0.5 }), '/totals/rows/1/visitors'],
    ['more than there are', changed(1, { visitors: 1e13 }), '/totals/rows/1/visitors'],
    ['fewer than no conversions', sums(1, 'visit_rate', { sum: -1 }), '/totals/rows/1/sums/visit_rate/sum', /negative/],
    ['half a conversion', sums(1, 'visit_rate', { sum: 1.5 }), '/totals/rows/1/sums/visit_rate/sum', /whole/],
    [
        'more conversions than visitors',
        sums(1, 'visit_rate', { sum: 101 }),
        '/totals/rows/1/sums/visit_rate/sum',
        /101 had converted by this day, of 100 visitors of "b"/,
    ],
    [
        'more with the days before',
        sums(3, 'visit_rate', { sum: 141 }),
        '/totals/rows/3/sums/visit_rate/sum',
        /151 .* of 150/,
    ],
    [
        'more than came that day',
        { visitors: 'daily', rows: sums(3, 'visit_rate', { sum: 51 }).rows },
        '/totals/rows/3/sums/visit_rate/sum',
        /51 converted on this day, of 50/,
    ],
    [
        'squares of a conversion',
        sums(0, 'visit_rate', { sum: 1, squares: 1 }),
        '/totals/rows/0/sums/visit_rate/squares',
        /0 or 1/,
    ],
    [
        'squares below the sum squared',
        sums(1, 'clicks', { sum: 100, squares: 99 }),
        '/totals/rows/1/sums/clicks/squares',
        /smaller than the sum's square over the visitors/,
    ],
    [
        'squares below the sum',
        sums(1, 'clicks', { sum: 20, squares: 19 }),
        '/totals/rows/1/sums/clicks/squares',
        /whole numbers/,
    ],
    [
        'a sum of nobody',
        changed(2, { visitors: 0, sums: { visit_rate: { sum: 0 }, clicks: { sum: 1, squares: 1 } } }),
        '/totals/rows/2/sums/clicks/squares',
    ],
    ['squares below none', sums(1, 'clicks', { sum: 0, squares: -1 }), '/totals/rows/1/sums/clicks/squares'],
    [
        'squares in some rows',
        sums(1, 'clicks', { sum: 20 }),
        '/totals/rows/1/sums/clicks/squares',
        /in all rows of a metric, or in none/,
    ],
    ['no sum', sums(1, 'clicks', {}), '/totals/rows/1/sums/clicks/sum'],
    ['a text', sums(1, 'clicks', { sum: 'many', squares: 1 }), '/totals/rows/1/sums/clicks/sum'],
    ['a sum out of bounds', sums(1, 'clicks', { sum: 1e16, squares: 1e24 }), '/totals/rows/1/sums/clicks/sum'],
    ['squares out of bounds', sums(1, 'clicks', { sum: 1, squares: 1e25 }), '/totals/rows/1/sums/clicks/squares'],
    [
        'a metric is missing',
        changed(1, { sums: { visit_rate: { sum: 1 } } }),
        '/totals/rows/1/sums/clicks',
        /measured by it/,
    ],
    ['a metric of no campaign', sums(1, 'stay', { sum: 1 }), '/totals/rows/1/sums/stay', /not measured by this/],
];

for (const [i, [what, totals, pointer, why = /./]] of REFUSED.entries()) {
    test(`refused, and nothing half done: ${what}`, async () => {
        const reply = await tellTotals(server, `odd-${i}`, ['visit_rate', 'clicks'], totals);
        assert.deepEqual([reply.status, reply.body.pointer], [400, pointer], reply.text);
        assert.match(reply.body.detail, why);
        const { status, import: id } = (await server.api('GET', `/campaigns/odd-${i}`)).body;
        assert.deepEqual([status, id], ['draft', null]);
        assert.equal((await server.api('DELETE', `/campaigns/odd-${i}`)).status, 204);
    });
}

test('means and ratios take visitors; times follow from the days', async () => {
    const ratio = await tellTotals(server, 'ratio', ['average_order_value'], {
        rows: ['a', 'b'].map((key) => row('2024-03-01', key, 10, { average_order_value: 5 })),
    });
    assert.equal(ratio.body.pointer, '/totals/rows/0/sums/average_order_value', ratio.text);
    assert.match(ratio.body.detail, /mean or ratio cannot be had from totals/);
    const body = { totals: { rows: good() }, first_at: '2024-03-01T00:00:00Z' };
    const timed = await server.api('POST', '/campaigns/ratio/import', body);
    assert.deepEqual([timed.status, timed.body.pointer], [400, '/first_at'], timed.text);
});
