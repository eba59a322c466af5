// SPDX-License-Identifier: GPL-3.0-or-later
// Money in other currencies while something waits: events for their commit, results for a table, and neither who puts
// rates in nor who pulls the panic switch for any of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { holdTable } from '../lib/hold.mjs';

const now = Date.now();
const dayOf = (days) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);

let server;
before(async () => {
    server = await startServer();
    const variants = ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' }));
    const metrics = [{ key: 'revenue_per_visitor', role: 'primary' }];
    await api('POST', '/campaigns', { key: 'c', kind: 'experiment', variants, metrics });
    await api('POST', '/campaigns/c/start');
});
after(() => server?.stop());

async function api(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const event = (visitor_id, name, properties) => ({ event_id: uuidv7(), visitor_id, name, properties });
const send = (body) => server.events(body, { key: server.secretKey });
const put = (currency, rate, days = 0) =>
    server.api('PUT', '/currency-rates', { rates: [{ day: dayOf(days), currency, rate }] });

const revenueOf = (visitor) => server.psql(`select numerator from outcome where unit_id = '${visitor}'`);
const untilConverted = () =>
    until(
        () => server.psql('select fold_backlog(1000) = 0 and not exists (select from rate_due)') === 't',
        30_000,
        'the fold',
    );

test('a warning of events that waited names the currency, though the snapshot has gone meanwhile', async () => {
    const release = await holdTable(server, 'visitor_event');
    const waiting = send(event('slow', 'purchase', { value: 5, currency: 'SEK' }));
    try {
        await until(() => server.isWaitedFor('visitor_event'), 20_000, 'the event to wait');
        for (const name of ['one', 'two']) {
            const key = (await api('POST', '/keys', { kind: 'secret', name, role: 'viewer', scopes: [] })).token;
            const isKnown = async () => (await server.decide({ visitor_id: 'v' }, '', { key })).status === 200;
            await until(isKnown, 20_000, 'the edge to have another snapshot');
        }
    } finally {
        await release();
    }
    const reply = await waiting;
    assert.equal(reply.status, 202, reply.text);
    assert.match(reply.body.warnings[0].detail, /counts in EUR, /);
});

test('results that are being worked out make nobody wait who puts rates in, nor the panic switch', async () => {
    const visitors = Array.from({ length: 20 }, (_, i) => `shopper-${i}`);
    const shown = visitors.map((id) => event(id, 'exposure', { campaign: 'c', phase: 1, variant: 'a' }));
    const bought = visitors.map((id) => event(id, 'purchase', { value: 12, currency: 'USD' }));
    for (const events of [shown, bought]) assert.equal((await send({ events })).body.accepted, 20);
    await untilConverted();
    const release = await holdTable(server, 'foreign_event', true);
    try {
        assert.equal((await put('USD', 1.5)).status, 200, 'though nobody reads who named it');
        await until(() => server.isWaitedFor('foreign_event'), 20_000, 'the fold to wait, and to hold its work');
        for (const [rate, days] of [
            [2, 0],
            [3, 0],
            [7, -1],
            [4, 0],
        ]) {
            const reply = await put('USD', rate, days);
            assert.deepEqual([reply.status, reply.body.changed_count], [200, 1], reply.text);
            await api('POST', '/environments/production/panic', { is_panic: true });
            await api('POST', '/environments/production/panic', { is_panic: false });
        }
    } finally {
        await release();
    }
    await untilConverted();
    for (const visitor of visitors) assert.equal(revenueOf(visitor), '300', visitor);
});

/* [number in the body, text in the list] */
const NUMBERS = [
    ['5.4e-05', '0.000054'],
    ['0.000054', '0.000054'],
    ['1e-12', '0.000000000001'],
    ['1.1e0', '1.1'],
    ['0.1', '0.1'],
    ['1e2', '100'],
    ['100.0', '100'],
    ['1.5E3', '1500'],
    ['123456789.125', '123456789.125'],
    ['999999999999.0', '999999999999'],
    ['0.3', '0.3'],
    ['7', '7'],
];

test('numbers are taken however they are written, and kept exact', async () => {
    for (const [number, text] of NUMBERS) {
        const body = `{"rates":[{"day":"${dayOf(-40)}","currency":"BHD","rate":${number}}]}`;
        const reply = await server.desk.request('PUT', '/api/v1/currency-rates', body);
        assert.equal(reply.status, 200, `${number}: ${reply.text}`);
        const { items } = await api('GET', '/currency-rates?currency=BHD');
        assert.deepEqual([number, items[0].rate], [number, text]);
    }
    for (const number of ['1e-13', '1e13', '1e300', '1e-300', '0.0', '-1.5'])
        assert.equal((await put('BHD', Number(number), -40)).status, 400, number);
});

test('of very many visitors who named a currency, the newest are counted', async () => {
    server.psql(`insert into foreign_event (slice, environment_id, currency, day, visitor_id)
        select 0, e.id, 'XTS', current_date - (n > 200000)::int, 'many-' || n
        from environment e, generate_series(1, 210000) n where e.key = 'production';
        analyze foreign_event`);
    const { currencies } = await api('GET', '/currency-rates');
    const { visitor_count: count } = currencies.find(({ currency }) => currency === 'XTS');
    assert.ok(count > 199_000 && count <= 200_000, `${count}`);
});
