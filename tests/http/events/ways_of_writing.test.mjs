// SPDX-License-Identifier: GPL-3.0-or-later
// What senders write in another way than the documents say, and mean all the same: null for absent, a number as a
// text, a whole number as a float; and lengths that people count.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

let server;
before(async () => {
    server = await startServer();
    for (const [key, kind, event, value] of METRICS) {
        const part = { event, value };
        const made = await server.api('POST', '/metrics', { key, name: key, kind, ...part });
        assert.equal(made.status, 201, made.text);
    }
    const made = await server.api('POST', '/campaigns', {
        key: 'c',
        name: 'C',
        kind: 'experiment',
        metrics: METRICS.map(([key], i) => ({ key, role: i ? 'secondary' : 'primary' })),
        variants: ['a', 'b'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0 })),
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/c/start', {})).status, 200);
});
after(() => server?.stop());

const METRICS = [
    ['money', 'sum', 'purchase', 'value'],
    ['pieces', 'sum', 'purchase', 'items.quantity'],
    ['prices', 'sum', 'purchase', 'items.price'],
    ['stars', 'sum', 'rating', 'score.stars'],
];

const purchase = (properties) => ({ name: 'purchase', properties });
const rating = (stars) => ({ name: 'rating', properties: { score: { stars } } });

/* [what is sent, the sums that are not zero] */
const COUNTED = [
    [purchase({ value: 20, currency: null }), { money: 20 }],
    [purchase({ value: null, currency: null, transaction_id: null, items: null }), {}],
    [
        purchase({ value: 20, items: [{ item_id: 'x', price: '10.00', quantity: '2' }] }),
        { money: 20, pieces: 2, prices: 10 },
    ],
    [purchase({ value: '7' }), { money: 7 }],
    [purchase({ value: '7.50' }), { money: 7.5 }],
    [purchase({ value: '0.05', tax: '1.20', shipping: '0' }), { money: 0.05 }],
    [purchase({ items: [{ quantity: null, price: null }] }), { pieces: 1 }],
    [purchase({ items: [{ quantity: 2 }, { quantity: '3' }] }), { pieces: 5 }],
    [purchase({ items: [{ price: '1.50', quantity: 0 }] }), { prices: 1.5 }],
    [rating('4'), { stars: 4 }],
    [rating('4.25'), { stars: 4.25 }],
    [rating(null), {}],
    [{ ...purchase({ value: 1 }), ts: null }, { money: 1 }],
];

test('what is written in another way counts as what it means', async () => {
    const exposed = { name: 'exposure', properties: { campaign: 'c', variant: 'a', phase: null, experience: null } };
    for (const [i, [event, sums]] of COUNTED.entries()) {
        const body = {
            sent_at: null,
            events: [
                { visitor_id: `w-${i}`, event_id: null, ts: new Date(Date.now() - 60_000).toISOString(), ...exposed },
                { visitor_id: `w-${i}`, event_id: uuidv7(), ...event },
            ],
        };
        const { status, text } = await server.events(body, { key: server.secretKey });
        assert.equal(status, 202, text);
        assert.deepEqual(JSON.parse(text).rejected, [], JSON.stringify(event));
        await until(
            () => server.rows(`select 1 from exposure where unit_id = 'w-${i}'`).length > 0,
            20_000,
            'the exposure to be folded',
        );
        const lag = async () => (await server.api('GET', '/campaigns/c/results')).body.health.fold.lag_events;
        await until(async () => (await lag()) === 0, 20_000, 'all to be folded');
        const found = server.rows(`select m.key, o.numerator / coalesce((m.definition ->> 'scale')::numeric, 1) as sum
            from outcome o join metric m on m.id = o.metric_id where o.unit_id = 'w-${i}' and o.numerator <> 0`);
        assert.deepEqual(
            Object.fromEntries(found.map((row) => [row.key, Number(row.sum)])),
            sums,
            JSON.stringify(event),
        );
    }
});

/* [what is sent, the place that is named] */
const REFUSED = [
    [purchase({ value: '1,299.00' }), '/properties/value'],
    [purchase({ value: '7,50' }), '/properties/value'],
    [purchase({ value: 'EUR 7' }), '/properties/value'],
    [purchase({ value: '' }), '/properties/value'],
    [purchase({ value: ' 7' }), '/properties/value'],
    [purchase({ value: '1e3' }), '/properties/value'],
    [purchase({ value: '-7' }), '/properties/value'],
    [purchase({ value: true }), '/properties/value'],
    [purchase({ items: [{}, { price: '7 EUR' }] }), '/properties/items/1/price'],
    [purchase({ items: [{ quantity: 'two' }] }), '/properties/items/0/quantity'],
    [purchase({ items: [{ quantity: '-2' }] }), '/properties/items/0/quantity'],
    [purchase({ tax: '19 %' }), '/properties/tax'],
];

test('what cannot be read is refused with its place', async () => {
    const events = REFUSED.map(([event], i) => ({ visitor_id: `r-${i}`, event_id: uuidv7(), ...event }));
    const { status, body } = await server.events({ events });
    assert.equal(status, 202);
    assert.deepEqual(
        body.rejected.map(({ pointer }) => pointer),
        REFUSED.map(([, pointer], i) => `/events/${i}${pointer}`),
    );
    for (const { detail } of body.rejected) assert.match(detail, /number|negative/);
});

const LETTERS = ['a', 'ä', 'Ж', '€', '日', '😀'];

test('names of events and of resources are counted in characters', async () => {
    for (const [i, letter] of LETTERS.entries()) {
        const events = [64, 65].map((n) => ({
            visitor_id: `n-${i}`,
            event_id: uuidv7(),
            name: letter.repeat(n),
        }));
        const { body } = await server.events({ events });
        assert.deepEqual(
            body.rejected.map(({ pointer }) => pointer),
            ['/events/1/name'],
        );
        assert.match(body.rejected[0].detail, /64 characters/);
        const campaign = (name) => ({ key: `n-${i}-${[...name].length}`, name, kind: 'rollout' });
        assert.equal((await server.api('POST', '/campaigns', campaign(letter.repeat(200)))).status, 201);
        const refused = await server.api('POST', '/campaigns', campaign(letter.repeat(201)));
        assert.equal(refused.status, 400, refused.text);
        assert.match(refused.text, /0 to 200 characters long/);
    }
});
