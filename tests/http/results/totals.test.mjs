// SPDX-License-Identifier: GPL-3.0-or-later
// Totals a day in place of visitors: what can be said of them is said as of visitors, and what cannot is not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { row, tellTotals } from '../lib/totals.mjs';

let server;
before(async () => {
    server = await startServer();
    await metric({ key: 'visit_rate', kind: 'conversion', event: 'visit' });
    await metric({ key: 'clicks', kind: 'count', event: 'click' });
});
after(() => server?.stop());

test('smoke', async () => {
    const reply = await tellTotals(server, 'first', ['visit_rate', 'revenue_per_visitor'], {
        rows: [
            row('2024-03-01', 'a', 1000, { visit_rate: 100, revenue_per_visitor: 100 }),
            row('2024-03-01', 'b', 1000, { visit_rate: 150, revenue_per_visitor: 110 }),
        ],
    });
    console.log(reply.status, JSON.stringify(reply.body, null, 1));
    const r = await server.api('GET', '/campaigns/first/results');
    console.log(r.status, JSON.stringify(r.body, null, 1));
});

async function metric(body) {
    const reply = await server.api('POST', '/metrics', body);
    assert.equal(reply.status, 201, reply.text);
}
