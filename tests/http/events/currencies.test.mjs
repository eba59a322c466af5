// SPDX-License-Identifier: GPL-3.0-or-later
// Money in other currencies: converted at its day's rate, exactly, across the file's base; without a rate the order
// counts and its money does not, and both are told; and rates that come later mend it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';

const DAY = 86_400_000;
const now = Date.now();
const dayOf = (days) => new Date(now + days * DAY).toISOString().slice(0, 10);
const variants = ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' }));
const METRICS = [
    { key: 'large', name: 'Large', kind: 'conversion', event: 'purchase', filter: { value: { $gte: 100 } } },
    { key: 'prices', name: 'Prices', kind: 'sum', event: 'purchase', value: 'items.price', unit: 'money' },
    { key: 'pieces', name: 'Pieces', kind: 'sum', event: 'purchase', value: 'items.quantity' },
    { key: 'profit', name: 'Profit', kind: 'sum', event: 'purchase', value: 'profit', unit: 'money' },
    { key: 'fees', name: 'Fees', kind: 'sum', event: 'subscribed', value: 'value', unit: 'money' },
];
const OWN = { production: 'EUR', us: 'USD', jp: 'JPY', kw: 'KWD' };

/* As the ECB writes them, of one base. */
const HISTORY = [
    'Date,USD,JPY,GBP,KWD,IDR,ZAR,CYP,SEK,',
    `${dayOf(-1)},1.6,N/A,N/A,N/A,N/A,N/A,N/A,N/A,`,
    `${dayOf(-3)},1.25,160.5,0.8,0.375,20000,N/A,0.58,N/A,`,
    `${dayOf(-13)},1.1,150,0.8,0.375,20000,20,0.58,N/A,`,
].join('\n');

let server;
let count = 0;
const at = (days) => now + days * DAY;
const event = (visitor_id, name, days, properties) => ({
    event_id: uuidv7(at(days)),
    visitor_id,
    name,
    ts: new Date(at(days)).toISOString(),
    properties,
});
const purchase = (value, currency, days, more = {}) => ['purchase', days, { value, currency, ...more }];

async function api(method, path, body, options) {
    const reply = await server.api(method, path, body, options);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const keys = {};
/* Each of one visitor, who was exposed a week ago: [environment, what, events, {metric: units, null: no row}, events
   whose money has no rate]; amounts in minor units of the environment's currency. */
const CASES = [
    ['production', 'the day’s rate', [purchase(100, 'USD', -3)], { revenue_per_visitor: 8000, conversion_rate: 1 }],
    [
        'production',
        'a day without a rate has the one before',
        [purchase(100, 'USD', -2)],
        { revenue_per_visitor: 8000 },
    ],
    ['production', 'a newer rate', [purchase(100, 'USD', -1)], { revenue_per_visitor: 6250 }],
    ['production', 'the newest', [purchase(100, 'USD', 0)], { revenue_per_visitor: 6250 }],
    ['production', 'never a rate of a later day', [purchase(160, 'ZAR', -5)], { revenue_per_visitor: 0 }, 1],
    ['production', 'a rate of seven days ago holds', [purchase(20, 'ZAR', -6)], { revenue_per_visitor: 100 }],
    ['production', 'one of eight does not', [purchase(20, 'ZAR', -5)], { conversion_rate: 1 }, 1],
    ['production', 'no minor unit', [purchase(1605, 'JPY', -3)], { revenue_per_visitor: 1000 }],
    ['production', 'a part of a minor unit', [purchase(1, 'JPY', -3)], { revenue_per_visitor: 1 }],
    ['production', 'half of one, away from zero', [purchase(0.8025, 'JPY', -3)], { revenue_per_visitor: 1 }],
    ['production', 'less than half', [purchase(0.8024, 'JPY', -3)], { revenue_per_visitor: 0, conversion_rate: 1 }],
    ['production', 'three digits', [purchase(0.375, 'KWD', -3)], { revenue_per_visitor: 100 }],
    ['production', 'more of them', [purchase(12.345, 'KWD', -3)], { revenue_per_visitor: 3292 }],
    ['production', 'a number as text', [purchase('7.60', 'GBP', -3)], { revenue_per_visitor: 950 }],
    ['production', 'small letters', [purchase(100, 'usd', -3)], { revenue_per_visitor: 8000 }],
    ['production', 'mixed letters', [purchase(100, 'Usd', -3)], { revenue_per_visitor: 8000 }],
    ['production', 'its own currency', [purchase(10, 'EUR', -3)], { revenue_per_visitor: 1000 }],
    ['production', 'its own in small letters', [purchase(10, 'eur', -3)], { revenue_per_visitor: 1000 }],
    ['production', 'none', [purchase(10, undefined, -3)], { revenue_per_visitor: 1000 }],
    ['production', 'null is none', [purchase(10, null, -3)], { revenue_per_visitor: 1000 }],
    [
        'production',
        'a currency without a rate',
        [purchase(10, 'SEK', -3)],
        { revenue_per_visitor: 0, conversion_rate: 1 },
        1,
    ],
    ['production', 'letters that are no currency', [purchase(10, 'ABC', -3)], { conversion_rate: 1 }, 1],
    [
        'production',
        'a weak currency makes it small',
        [purchase(1e12, 'IDR', -3)],
        { revenue_per_visitor: 5_000_000_000 },
    ],
    ['production', 'a strong one large, up to the bound', [purchase(3e11, 'KWD', -3)], { revenue_per_visitor: 8e13 }],
    ['production', 'and not beyond', [purchase(1e12, 'KWD', -3)], { revenue_per_visitor: 0, conversion_rate: 1 }],
    ['production', 'filters compare own money', [purchase(124, 'USD', -3)], { large: null, revenue_per_visitor: 9920 }],
    ['production', 'and so do they here', [purchase(125, 'USD', -3)], { large: 1, revenue_per_visitor: 10000 }],
    [
        'production',
        'items',
        [
            purchase(9, 'USD', -3, {
                items: [
                    { item_id: 'a', price: 1.25, quantity: 2 },
                    { item_id: 'b', price: '2.5' },
                ],
            }),
        ],
        { prices: 300, pieces: 3_000_000, revenue_per_visitor: 720 },
    ],
    ['production', 'money by another name', [purchase(9, 'USD', -3, { profit: 5 })], { profit: 400 }],
    [
        'production',
        'the same without a rate',
        [purchase(9, 'SEK', -3, { profit: 5 })],
        { profit: 0, conversion_rate: 1 },
        1,
    ],
    ['production', 'events of other names', [['subscribed', -3, { value: 100, currency: 'USD' }]], { fees: 8000 }],
    ['production', 'in small letters too', [['subscribed', -3, { value: 100, currency: 'usd' }]], { fees: 8000 }],
    ['production', 'words are no currency', [['subscribed', -3, { value: 100, currency: 'dollars' }]], { fees: 10000 }],
    [
        'production',
        'a refund in the same',
        [
            purchase(100, 'USD', -3, { transaction_id: 'r1' }),
            ['refund', -1, { transaction_id: 'r1', value: 32, currency: 'USD' }],
        ],
        { revenue_per_visitor: 6000 },
    ],
    [
        'production',
        'a refund without a rate gives nothing back, rather than all',
        [
            purchase(10, 'EUR', -3, { transaction_id: 'r2' }),
            ['refund', -2, { transaction_id: 'r2', value: 5, currency: 'SEK' }],
        ],
        { revenue_per_visitor: 1000 },
        1,
    ],
    [
        'production',
        'orders of several currencies',
        [purchase(100, 'USD', -3), purchase(10, 'EUR', -3), purchase(8, 'GBP', -3), purchase(1, 'SEK', -3)],
        { revenue_per_visitor: 10000, average_order_value: 10000 },
        1,
    ],
    ['us', 'the base itself', [purchase(80, 'EUR', -3)], { revenue_per_visitor: 10000 }],
    ['us', 'across the base', [purchase(8, 'GBP', -3)], { revenue_per_visitor: 1250 }],
    ['us', 'across it, without minor unit', [purchase(160.5, 'JPY', -3)], { revenue_per_visitor: 125 }],
    ['us', 'a day that has its own currency alone', [purchase(10, 'EUR', -1)], { revenue_per_visitor: 1600 }],
    ['jp', 'to a currency without minor unit', [purchase(1, 'EUR', -3)], { revenue_per_visitor: 161 }],
    ['jp', 'across, too', [purchase(1, 'USD', -3)], { revenue_per_visitor: 128 }],
    ['kw', 'to one of three digits', [purchase(1.25, 'USD', -3)], { revenue_per_visitor: 375 }],
    ['kw', 'and its fraction', [purchase(1, 'GBP', -3)], { revenue_per_visitor: 469 }],
].map(([environment, what, events, units, unrated = 0]) => ({
    environment,
    what,
    visitor: `v-${(count += 1)}`,
    events,
    units,
    unrated,
}));

const send = async (environment, events) => {
    const reply = await server.events({ events }, { key: keys[environment] });
    assert.deepEqual([reply.status, reply.body.accepted], [202, events.length], reply.text);
    return reply.body;
};

/* {metric: {units, unrated}} of a visitor. */
function outcomesOf(visitor) {
    const rows = server.rows(`select m.key, o.numerator, o.unrated_count, o.invalid_count from outcome o
        join metric m on m.id = o.metric_id where o.unit_id = '${visitor}'`);
    return new Map(rows.map((row) => [row.key, row]));
}

const untilFolded = () =>
    until(
        () => server.psql('select fold_backlog(1000) = 0 and not exists (select from rate_due)') === 't',
        30_000,
        'the fold',
    );

const allOutcomes = () =>
    server.rows(
        'select unit_id, metric_id, numerator, denominator, invalid_count, unrated_count from outcome order by 1, 2',
    );
const allMoments = () =>
    server.rows(`select campaign_id, variant, metric_id, cohort_day, dimension, value,
        sum(sum_n) as n, sum(sum_nn) as nn, sum(unrated_count) as unrated from moment
        group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`);

before(async () => {
    server = await startServer();
    for (const [environment, currency] of Object.entries(OWN)) {
        const query = `?environment=${environment}`;
        if (environment === 'production') keys[environment] = server.secretKey;
        else {
            await api('POST', '/environments', { key: environment, currency });
            const made = { kind: 'secret', name: 'events', role: 'viewer', scopes: ['events', 'backfill'] };
            keys[environment] = (await api('POST', `/keys${query}`, made)).token;
        }
        for (const metric of METRICS) await api('POST', `/metrics${query}`, metric);
        await api('POST', `/campaigns${query}`, {
            key: 'c',
            kind: 'experiment',
            variants,
            metrics: [
                'conversion_rate',
                'revenue_per_visitor',
                'average_order_value',
                ...METRICS.map((m) => m.key),
            ].map((key) => ({ key })),
        });
        await api('POST', `/campaigns/c/start${query}`);
        await api('PUT', `/currency-rates${query}`, { file: HISTORY });
    }
    for (const environment of Object.keys(OWN)) {
        const isKnown = async () => (await server.events({ events: [] }, { key: keys[environment] })).status === 202;
        await until(isKnown, 10_000, `the edge to know ${environment}`);
        const mine = CASES.filter((one) => one.environment === environment);
        const shown = mine.map(({ visitor }) =>
            event(visitor, 'exposure', -6.9, { campaign: 'c', phase: 1, variant: 'a' }),
        );
        const done = mine.flatMap(({ visitor, events }) => events.map((one) => event(visitor, ...one)));
        for (const part of [shown, done]) await send(environment, part);
    }
    await untilFolded();
});
after(() => server?.stop());

for (const { environment, what, visitor, units, unrated } of CASES)
    test(`${OWN[environment]}: ${what}`, () => {
        const found = outcomesOf(visitor);
        for (const [metric, expected] of Object.entries(units))
            assert.equal(found.get(metric)?.numerator ?? (expected === null ? null : 0), expected, metric);
        assert.equal(Math.max(0, ...[...found.values()].map((row) => row.unrated_count)), unrated, 'without a rate');
    });

test('beyond the bound it is told as no amount, not as one without a rate', () => {
    const { visitor } = CASES.find(({ what }) => what === 'and not beyond');
    assert.deepEqual(
        [outcomesOf(visitor).get('revenue_per_visitor')].map((row) => [row.invalid_count, row.unrated_count]),
        [[1, 0]],
    );
});

test('what has no rate is told: in the reply, with results, on the desk, live, and in the metrics', async () => {
    const one = event('v-told', 'purchase', 0, { value: 5, currency: 'sek' });
    const { warnings } = await send('production', [event('v-told', 'page_view', 0, {}), one]);
    assert.deepEqual(
        warnings.map(({ index, reason, pointer }) => [index, reason, pointer]),
        [[1, 'no_rate', '/events/1/properties/currency']],
    );
    assert.match(warnings[0].detail, /counts in EUR, and there is no rate of SEK for that day/);
    const fine = await send('production', [event('v-told', 'purchase', 0, { value: 5, currency: 'USD' })]);
    assert.equal(fine.warnings, undefined);
    const alone = await server.events(event('v-told', 'purchase', 0, { value: 5, currency: 'SEK' }), {
        key: server.secretKey,
    });
    assert.deepEqual(
        alone.body.warnings.map(({ pointer }) => pointer),
        ['/properties/currency'],
    );
    const results = await api('GET', '/campaigns/c/results');
    const told = results.health.unrated.filter(({ metric }) => metric === 'revenue_per_visitor');
    const expected = CASES.filter((c) => c.environment === 'production').reduce((all, c) => all + c.unrated, 0);
    assert.deepEqual(told, [{ metric: 'revenue_per_visitor', events: expected }]);
    assert.ok(!results.health.unrated.some(({ metric }) => metric === 'conversion_rate'), 'those count');
    const counted = await until(
        async () =>
            (await api('GET', '/refusals')).items.find(
                (item) => item.reason === 'no_rate' && item.name === 'purchase' && item.event_count >= expected + 2 - 1,
            ),
        20_000,
        'them to be counted',
    );
    assert.equal(counted.is_stored, true);
    const [live] = await until(
        async () => {
            const { items } = await api('GET', '/live-events?visitor=v-told&uncounted=1');
            return [items.filter((item) => item.effect.unrated === 'SEK')].find((found) => found.length === 2);
        },
        20_000,
        'both in the inspector',
    );
    assert.equal(live.effect.unrated, 'SEK');
    const labels = { reason: 'no_rate', event: 'purchase', environment: 'production' };
    await until(
        async () => total(await scrape(server), 'mete_refused_events_today', labels) > 0,
        20_000,
        'the metric of the day',
    );
});

test('in the inspector money without a rate has its reason beside what counts', async () => {
    const { visitor } = CASES.find(({ what }) => what === 'a currency without a rate');
    const items = (await api('GET', `/visitors/${visitor}/events`)).items.filter(({ name }) => name === 'purchase');
    const said = items[0].effect.campaigns.map(({ what, metrics }) => [what, metrics.join(' ')]);
    assert.deepEqual(new Map(said).get('no_rate')?.split(' ').sort(), ['average_order_value', 'revenue_per_visitor']);
    assert.match(new Map(said).get('counted'), /conversion_rate/);
});

test('rates that come later mend what came before, exactly as if they had been there', async () => {
    const { visitor } = CASES.find(({ what }) => what === 'a currency without a rate');
    const body = { rates: [{ day: dayOf(-3), currency: 'SEK', rate: '10' }] };
    const put = await api('PUT', '/currency-rates', body);
    assert.deepEqual([put.rate_count, put.changed_count], [1, 1]);
    await untilFolded();
    assert.equal(outcomesOf(visitor).get('revenue_per_visitor').numerator, 100);
    assert.equal(outcomesOf(visitor).get('revenue_per_visitor').unrated_count, 0);
    assert.equal((await api('PUT', '/currency-rates', body)).changed_count, 0, 'the same again changes nothing');
    await api('PUT', '/currency-rates', { rates: [{ day: dayOf(-3), currency: 'USD', rate: 2.5 }] });
    await untilFolded();
    const first = CASES.find(({ what }) => what === 'the day’s rate');
    assert.equal(outcomesOf(first.visitor).get('revenue_per_visitor').numerator, 4000);
    const [outcomes, moments] = [allOutcomes(), allMoments()];
    await server.mete(['rebuild']);
    assert.deepEqual(allOutcomes(), outcomes, 'fold = rebuild');
    assert.deepEqual(allMoments(), moments);
    const gone = await api('DELETE', `/currency-rates?currency=SEK&from=${dayOf(-3)}&to=${dayOf(-3)}`);
    assert.equal(gone.deleted_count, 1);
    await untilFolded();
    assert.equal(outcomesOf(visitor).get('revenue_per_visitor').unrated_count, 1);
});

test('the list: what was put in, exact, and what is missing', async () => {
    const list = await api('GET', '/currency-rates?limit=1000');
    assert.deepEqual([list.currency, list.days, list.is_converting], ['EUR', 7, false]);
    const jpy = list.items.filter(({ currency }) => currency === 'JPY');
    assert.deepEqual(jpy, [
        { day: dayOf(-3), currency: 'JPY', base: 'EUR', rate: '160.5', own_rate: '1' },
        { day: dayOf(-13), currency: 'JPY', base: 'EUR', rate: '150', own_rate: '1' },
    ]);
    assert.ok(!list.items.some(({ currency }) => currency === 'CYP'), 'no currency any more');
    const sek = list.currencies.find(({ currency }) => currency === 'SEK');
    assert.deepEqual([sek.rate_count, sek.last_day], [0, null]);
    assert.ok(sek.visitor_count >= 4);
    assert.equal((await api('GET', '/currency-rates?currency=USD&limit=1')).items.length, 1);
    assert.equal((await api('GET', `/currency-rates?currency=USD&before=${dayOf(-3)}`)).items[0].day, dayOf(-13));
});

const rate = (more) => ({ rates: [{ day: dayOf(-2), currency: 'USD', rate: 1.5, ...more }] });
/* [what, body, the pointer that is named, words of the sentence] */
const REFUSED = [
    ['neither rates nor file', {}, '/rates', /rates are needed, or a file/],
    ['both', { ...rate(), file: HISTORY }, '/rates', /rates are needed, or a file/],
    ['a day that is none', rate({ day: '2026-02-30' }), '/rates/0/day', /is not a day/],
    ['a day to come', rate({ day: dayOf(9) }), '/rates/0/day', /future/],
    ['no currency', rate({ currency: 'US' }), '/rates/0/currency', /ISO 4217/],
    ['a rate of zero', rate({ rate: 0 }), '/rates/0/rate', /above zero/],
    ['a negative one', rate({ rate: -1 }), '/rates/0/rate', /above zero/],
    ['a word', rate({ rate: 'much' }), '/rates/0/rate', /above zero/],
    ['too many digits', rate({ rate: '1.1234567890123' }), '/rates/0/rate', /12 digits/],
    ['a list', rate({ rate: [1] }), '/rates/0/rate', /above zero/],
    ['a base that is none', { ...rate(), base: 'XX1' }, '/base', /ISO 4217/],
    ['a base without the own currency', { ...rate(), base: 'GBP' }, '', /no rate of EUR/],
    ['twice the same', { rates: [rate().rates[0], rate().rates[0]] }, '', /two rates on one day/],
    ['a file that is none', { file: 'hello' }, '/file', /the columns should be/],
    ['an empty file', { file: '' }, '/file', /is empty/],
    ['a number as file', { file: 7 }, '/file', /must be a text/],
    ['a bad line', { file: `Date,USD\n${dayOf(-2)},1.5\n${dayOf(-1)},x` }, '/file', /line 3: "x" is not a number/],
    ['broken XML', { file: '<Cube' }, '/file', /line 1: /],
    ['an XML with entities', { file: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' }, '/file', /document type/],
    ['a field too much', { ...rate(), more: 1 }, '/more', /./],
];

test('bad rates are refused whole, with what is wrong', async () => {
    const rows = () => server.psql('select count(*) from currency_rate');
    const there = rows();
    for (const [what, body, pointer, words] of REFUSED) {
        const reply = await server.api('PUT', '/currency-rates', body);
        assert.equal(reply.status, 400, `${what}: ${reply.text}`);
        assert.deepEqual([what, reply.body.pointer ?? ''], [what, pointer], reply.text);
        assert.match(reply.body.detail, words, what);
    }
    for (const query of [
        '?currency=US',
        '?currency=%00',
        '?from=x',
        '?to=2026-13-01',
        '?before=1',
        '?limit=0',
        '?limit=x',
    ])
        assert.equal(
            (
                await server.api(
                    query.startsWith('?f') || query.startsWith('?t') ? 'DELETE' : 'GET',
                    `/currency-rates${query}`,
                )
            ).status,
            400,
            query,
        );
    assert.equal(rows(), there);
});
