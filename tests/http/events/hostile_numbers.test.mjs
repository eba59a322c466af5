// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that could spoil a sum: each is refused with its place, the events beside it are stored.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/* [number as it stands in the text, what is stored of it; undefined: refused] */
const CASES = [
    ['0', 0],
    ['-0', 0],
    ['7', 7],
    ['-7.25', -7.25],
    ['1e-400', 0],
    ['1e15', 1e15],
    ['-1e15', -1e15],
    ['999999999999999.9', 999999999999999.9],
    ['1000000000000001'],
    ['-1000000000000001'],
    ['1e16'],
    ['1e30'],
    ['-1e30'],
    ['1e300'],
    ['9223372036854775807'],
    ['9223372036854775808'],
    ['18446744073709551616'],
    ['-1180591620717411303424'],
    ['1e309'],
    ['1e400'],
    ['-1e400'],
    ['1E+9999999999'],
    ['9'.repeat(19)],
    ['9'.repeat(400)],
    ['9'.repeat(20_000)],
    [`0.${'0'.repeat(600)}1`],
];

const PLACES = [
    ['page_view', '{"n":#}', '/properties/n', ({ n }) => n],
    ['score', '{"deep":[{"a/b":[1,#]}]}', '/properties/deep/0/a~1b/1', ({ deep }) => deep[0]['a/b'][1]],
    ['page_view', '{"items":[{},{"quantity":#}]}', '/properties/items/1/quantity', ({ items }) => items[1].quantity],
    ['purchase', '{"items":[{"price":#}]}', '/properties/items/0/price', ({ items }) => items[0].price],
    ['purchase', '{"value":1,"shipping":#}', '/properties/shipping', ({ shipping }) => shipping],
];

let count = 0;
const text = (name, properties) =>
    `{"event_id":"${uuidv7()}","visitor_id":"n-${(count += 1)}","name":"${name}","properties":${properties}}`;
const idOf = (event) => JSON.parse(event).event_id;
const storedOf = (events) =>
    new Map(
        server
            .rows(
                `select event_id, properties from visitor_event
    where event_id = any('{${events.map(idOf)}}')`,
            )
            .map((row) => [row.event_id, row.properties]),
    );

for (const [name, properties, pointer, read] of PLACES) {
    test(`${pointer} of ${name}`, async () => {
        const events = CASES.flatMap(([number]) => [
            text(name, properties.replace('#', number)),
            text('page_view', '{}'),
        ]);
        const { status, body, text: said } = await server.events(`[${events}]`, { key: server.secretKey });
        assert.equal(status, 202, said);
        const refused = CASES.flatMap(([, value], i) => (value === undefined ? [`/${2 * i}${pointer}`] : []));
        assert.deepEqual(
            body.rejected.map((row) => row.pointer),
            refused,
        );
        for (const { detail } of body.rejected) assert.match(detail, /from -1e15 to 1e15/);
        assert.equal(body.accepted, events.length - refused.length);
        const stored = storedOf(events);
        assert.equal(stored.size, body.accepted);
        CASES.forEach(([number, value], i) => {
            const row = stored.get(idOf(events[2 * i]));
            assert.equal(row && Number(read(row)), value, number);
        });
    });
}

test('texts of digits are texts, where no amount is meant', async () => {
    const event = text('score', '{"n":"7","m":"NaN","o":"1e400","p":["9223372036854775808"]}');
    assert.equal((await server.events(event)).body.accepted, 1);
    assert.deepEqual([...storedOf([event]).values()], [{ n: '7', m: 'NaN', o: '1e400', p: ['9223372036854775808'] }]);
});

test('an order is named by any whole number', async () => {
    const event = text('purchase', '{"value":1,"transaction_id":9223372036854775807}');
    assert.equal((await server.events(event)).body.accepted, 1);
    const stored = server.psql(`select properties ->> 'transaction_id' from visitor_event
        where event_id = '${idOf(event)}'`);
    assert.equal(stored, '9223372036854775807');
});

test('the other ways in: a beacon, a key for old days, the spool', async () => {
    const bad = () => text('score', '{"n":1e30}');
    const isRefused = ({ status, body, text: said }) => {
        assert.equal(status, 202, said);
        assert.deepEqual([body.accepted, body.rejected[0].pointer], [0, '/properties/n'], said);
    };
    isRefused(
        await server.edge.request('POST', `/v1/events?key=${server.clientKey}`, bad(), {
            key: null,
            type: 'text/plain',
        }),
    );
    const made = await server.api('POST', '/keys', {
        name: 'old',
        kind: 'secret',
        role: 'viewer',
        scopes: ['backfill'],
    });
    const key = made.body.token;
    await until(async () => (await server.events([], { key })).status === 202, 5_000, 'the key');
    isRefused(await server.events(bad(), { key }));
    server.env.METE_SPOOL_AFTER_MS = '200';
    await server.restart();
    server.psql('revoke insert on visitor_event from mete_runtime');
    isRefused(await server.events(bad()));
    const good = text('score', '{"n":1e15}');
    assert.equal((await server.events(`[${good},${bad()}]`)).body.accepted, 1, 'it is in the spool');
    server.psql('grant insert on visitor_event to mete_runtime');
    await until(() => storedOf([good]).size === 1, 10_000, 'the spool to be drained');
    assert.equal(
        server.psql(`select count(*) from visitor_event where properties - 'transaction_id' @? '$.**?(@ > 1e15)'`),
        '0',
    );
});
