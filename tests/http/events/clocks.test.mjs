// SPDX-License-Identifier: GPL-3.0-or-later
// Clocks that are off and ways that are slow: one visitor's events keep their order, at whatever edge they come in, and
// are taken or refused together.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clientOfEach } from '../lib/edges.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server, edges;
before(async () => {
    server = await startServer({ edges: 2 });
    const made = await server.api('POST', '/campaigns', {
        key: 'c',
        name: 'C',
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
        variants: ['a', 'b'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0 })),
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/c/start', {})).status, 200);
    edges = await clientOfEach(server);
    for (const edge of edges)
        await until(async () => (await decide(edge, 'v')).decisions.length > 0, 10_000, 'the campaign');
});
after(() => {
    for (const edge of edges ?? []) edge.close();
    return server?.stop();
});

const decide = async (edge, visitor_id) => (await edge.request('POST', '/v1/decide', { visitor_id })).body;

const S = 1000;
const HOUR = 3600 * S;
const DAY = 24 * HOUR;

/*
 * [what, how far the clock is ahead, how long the exposure's request is on its way, and the purchase's, how long after
 * the exposure the purchase was made, is it taken]
 */
const CASES = [
    ['a slow network and a right clock', 0, 25 * S, 0, 10 * S, true],
    ['slow for more than a minute and a half', 0, 100 * S, 0, 5 * S, true],
    ['first quick, then slow', 0, 0, 60 * S, 10 * S, true],
    ['an hour ahead, first slow', HOUR, 25 * S, 0, 10 * S, true],
    ['an hour ahead, then slow', HOUR, 0, 25 * S, 10 * S, true],
    ['an hour behind, first slow', -HOUR, 25 * S, 0, 10 * S, true],
    ['half a minute ahead, which the way hides', 30 * S, 35 * S, 0, 10 * S, true],
    ['two and a half minutes behind, first slow', -150 * S, 60 * S, 0, 5 * S, true],
    ['two seconds ahead', 2 * S, 0, 1 * S, 1 * S, true],
    ['twenty hours ahead', 20 * HOUR, 20 * S, 0, 10 * S, true],
    ['twenty hours behind', -20 * HOUR, 20 * S, 0, 10 * S, true],
    ['two days ahead', 2 * DAY, 20 * S, 0, 10 * S, false],
    ['just above a day behind, first slow', -DAY + 10 * S, 20 * S, 0, 5 * S, false],
    ['five days behind', -5 * DAY, 0, 0, 10 * S, false],
    ['years behind', -2000 * DAY, 0, 0, 10 * S, false],
];

const stored = (visitor) =>
    server.rows(`select name from visitor_event where visitor_id = '${visitor}' order by ts, name`).map((r) => r.name);

test('an exposure stays before its purchase, and one is not taken without the other', async () => {
    let converted = 0;
    for (const [i, [what, ahead, way1, way2, apart, isTaken]] of CASES.entries()) {
        const visitor_id = `v-${i}`;
        const { decisions } = await decide(edges[0], visitor_id);
        const exposedAt = Date.now() - way1 - 5 * S;
        const at = (ms) => new Date(ms + ahead).toISOString();
        const exposure = {
            visitor_id,
            name: 'exposure',
            ts: at(exposedAt),
            properties: { campaign: 'c', variant: decisions[0].variant },
        };
        if (i % 2) exposure.event_id = uuidv7(exposedAt + ahead);
        const purchase = {
            visitor_id,
            event_id: uuidv7(exposedAt + apart + ahead),
            name: 'purchase',
            ts: at(exposedAt + apart),
            properties: { value: 5 },
        };
        const requests = [
            { sent_at: at(Date.now() - way1), events: [exposure] },
            { sent_at: at(Date.now() - way2), events: [purchase] },
        ];
        for (const [j, body] of requests.entries()) {
            const reply = await edges[(i + j) % 2].request('POST', '/v1/events', body);
            assert.equal(reply.body.accepted, Number(isTaken), `${what}: ${reply.text}`);
            if (!isTaken) assert.match(reply.body.rejected[0].detail, /clock is off by more than a day/);
        }
        assert.deepEqual(stored(visitor_id), isTaken ? ['exposure', 'purchase'] : [], what);
        converted += isTaken ? 1 : 0;
    }
    const found = () =>
        server.psql(`select count(*) from outcome o join metric m on m.id = o.metric_id
            where m.key = 'conversion_rate' and o.numerator > 0`);
    await until(() => Number(found()) === converted, 20_000, 'all to be folded');
});

test('a server of its own keeps its time beside the page of the visitor', async () => {
    const page = { visitor_id: 'both', event_id: uuidv7(), name: 'view' };
    const at = (ms) => new Date(Date.now() + ms).toISOString();
    await server.events({ sent_at: at(HOUR), events: [{ ...page, ts: at(HOUR) }] });
    const ts = at(-60 * S);
    const own = { visitor_id: 'both', event_id: uuidv7(), name: 'login', ts };
    await server.events({ sent_at: at(0), events: [own] }, { key: server.secretKey });
    const [{ ms }] = server.rows(`select (extract(epoch from ts) * 1000)::bigint as ms from visitor_event
        where visitor_id = 'both' and name = 'login'`);
    assert.equal(ms, Date.parse(ts));
});
