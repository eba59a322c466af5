// SPDX-License-Identifier: GPL-3.0-or-later
// What people reported of tools of this kind, as it was collected: every input, and the value that is right. The tables
// of each kind stand elsewhere; pages are in ui/sdk/cases and ui/sdk/shown.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sharedFile, startServer, until, uuidv7 } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';

const skip = sharedFile('cases/rn1.csv') ? false : 'they are absent';
const lines = (name) =>
    readFileSync(sharedFile(`cases/${name}`), 'utf8')
        .trim()
        .split('\n');

let server;
let imports;
before(async () => {
    if (skip) return;
    server = await startServer();
    imports = new Imports(server);
    await begin('shop', { metrics: [{ key: 'conversion_rate' }, { key: 'items_per_order' }] });
});
after(async () => {
    imports?.remove();
    await server?.stop();
});

const ask = async (method, path, body, expected = 200) => {
    const reply = await server.api(method, path, body);
    assert.equal(reply.status, expected, reply.text);
    return reply.body;
};
async function begin(key, more) {
    const variants = [0.5, 0.5].map((weight, i) => ({ key: 'ab'[i], weight, is_control: i === 0 }));
    await ask('POST', '/campaigns', { key, kind: 'experiment', variants, ...more }, 201);
    await ask('POST', `/campaigns/${key}/start`, {});
}

function load(name, file = name, args = []) {
    const mapping = ['--mapping', sharedFile(`cases/${name}.json`)];
    return imports.run(['import', ...mapping, ...args, sharedFile(`cases/${file}.csv`)]);
}
async function results(campaign, query = '') {
    return ask('GET', `/campaigns/${campaign}/results${query}`);
}
const sizes = ({ variants }) => Object.fromEntries(variants.map(({ key, units }) => [key, units]));
const values = ({ metrics }, i = 0) => Object.fromEntries(metrics[i].variants.map(({ key, value }) => [key, value]));
const devices = ({ metrics }) => metrics[0].breakdown.device.map(({ value }) => value).sort();

/* [kind, mapping, campaign, what is looked at of its results, what is right] */
const IMPORTS = [
    ['A', 'rn1', 'rn1', values, { a: 1, b: 1 }],
    ['A', 'rn2', 'rn2', values, { a: 100, b: 100 }],
    ['C', 'order', 'order', sizes, { a: 40, b: 0 }],
    ['E', 'count_float', 'count-float', values, { a: 6, b: 2 }],
    ['F', 'time_psql', 'time-psql', sizes, { a: 1, b: 1 }],
    ['G', 'dim_device', 'dim-device', devices, ['desktop', 'mobile'], '?dimension=device'],
];

describe('files', { skip }, () => {
    for (const [kind, name, campaign, look, right, query] of IMPORTS)
        test(`${kind}: ${name}`, async () => {
            const { status, stderr } = await load(name);
            assert.equal(status, 0, stderr);
            assert.deepEqual(look(await results(campaign, query)), right);
        });

    test('A: the first is what it was, behind the second', async () => {
        assert.deepEqual(values(await results('rn1')), { a: 1, b: 1 });
    });

    test('B: a corrected file is refused, or put in place', async () => {
        assert.equal((await load('re', 're1')).status, 0);
        assert.equal((await load('re', 're2')).status, 1);
        assert.deepEqual(values(await results('reimp')), { a: 20, b: 20 });
        assert.equal((await load('re', 're2', ['--replace'])).status, 0);
        assert.deepEqual(values(await results('reimp')), { a: 20.5, b: 20 });
    });

    test('D: one verdict, at once', async () => {
        const { status, stdout } = await load('srm2');
        assert.equal(status, 0);
        const { verdict, health } = await results('srm2');
        assert.deepEqual(stdout.match(/^(SHIP|STOP|GO ON|NOT ENOUGH|BROKEN): .*$/gm), [
            `${verdict.answer.toUpperCase().replace('_', ' ')}: ${verdict.text}`,
        ]);
        assert.ok(!stdout.includes('0.0 days'), stdout);
        assert.equal(health.warnings.includes('srm'), verdict.rule === 'srm');
        assert.equal(/sizes do not fit/.test(stdout), verdict.rule === 'srm', stdout);
        assert.ok(!/sizes fit.*p 1\b/.test(stdout) || verdict.rule !== 'srm');
    });
});

test('Q, R: conditions, as they are written', { skip }, async () => {
    const right = lines('conditions.right');
    for (const [i, line] of lines('conditions.jsonl').entries()) {
        /* Numbers beyond 2^53 go as they stand. */
        const [, audience, attributes] = /^\[(\{.*\}),(\{[^{]*\})\]$/.exec(line);
        const key = `condition-${i}`;
        const body = `{"key":"${key}","kind":"rollout","audience":${audience},"variants":[{"key":"on","weight":1}]}`;
        await ask('POST', '/campaigns', body, 201);
        await ask('POST', `/campaigns/${key}/start`, {});
        const decide = (campaign) =>
            server.decide(`{"visitor_id":"q","campaigns":["${campaign}"],"attributes":${attributes}}`, '?explain=1');
        const isKnown = async () => JSON.stringify((await decide(key)).body).includes('"audience"');
        await until(isKnown, 10_000, 'the campaign');
        assert.equal(String((await decide(key)).body.decisions[0].variant === 'on'), right[i], line);
    }
});

const exposureOf = async (visitor_id, ts) => {
    const ask = async () => (await server.decide({ visitor_id, campaigns: ['shop'] })).body.decisions;
    await until(async () => (await ask()).length > 0, 10_000, 'the campaign');
    const [{ variant }] = await ask();
    return { visitor_id, name: 'exposure', ts, properties: { campaign: 'shop', variant } };
};
const iso = (ago) => new Date(Date.now() - ago * 1000).toISOString();
const outcome = (visitor, metric) =>
    server.psql(`select o.numerator > 0 from outcome o join metric m on m.id = o.metric_id
        where m.key = '${metric}' and o.unit_id = '${visitor}'`);
const accepted = async (body, options) => {
    const reply = await server.events(body, options);
    assert.equal(reply.status, 202, reply.text);
    assert.deepEqual([reply.body.rejected ?? [], reply.body.duplicate ?? 0], [[], 0]);
};
const event = (visitor_id, name, properties) => ({ event_id: uuidv7(), visitor_id, name, properties });

describe('events', { skip }, () => {
    test('E1 (H): null is absent', () =>
        accepted({ events: [event('e1', 'purchase', { value: 20, currency: null })] }));

    test('E2 (I): a number as text counts', async () => {
        const items = [{ item_id: 'x', price: '10.00', quantity: '2' }];
        const events = [await exposureOf('e2', iso(5)), event('e2', 'purchase', { value: 20, items })];
        await accepted({ events });
        await until(() => outcome('e2', 'items_per_order') === 't', 20_000, 'the fold');
        assert.equal(values(await results('shop'), 1)[events[0].properties.variant], 2);
    });

    test('E3 (J): a slow network parts nothing', async () => {
        await accepted({ sent_at: iso(25), events: [await exposureOf('e3', iso(25))] });
        await accepted({ sent_at: iso(0), events: [{ ...event('e3', 'purchase', { value: 1 }), ts: iso(15) }] });
        await until(() => outcome('e3', 'conversion_rate') === 't', 20_000, 'the purchase to count');
    });

    test('E4 (O): a name is counted in characters', async () => {
        const name = 'Größenänderung im Warenkorb für Übergrößen (Möbel, Süd, größer)';
        await accepted({ events: [event('e4', name, {})] });
        assert.equal(server.psql("select name from visitor_event where visitor_id = 'e4'"), name);
    });

    test('E5 (P): a body by gzip', () => {
        const body = gzipSync(JSON.stringify({ events: [event('e5', 'page_view', {})] }));
        return accepted(body, { headers: { 'content-encoding': 'gzip' }, type: 'application/json' });
    });

    test('E7 (S): sizes are held against the buckets', async () => {
        const variants = [0.00005, 0.99995].map((weight, i) => ({ key: 'ab'[i], weight, is_control: i === 0 }));
        await begin('shares', { variants, metrics: [{ key: 'conversion_rate' }] });
        const { variants: told } = await results('shares');
        assert.deepEqual(
            told.map(({ share }) => Math.round(share * 10_000)),
            [1, 9999],
        );
    });
});
