// SPDX-License-Identifier: GPL-3.0-or-later
// Requests of events that are refused as a whole: for their size or type, by a limit, by the day's quota, or because
// too much waits. Each is counted by reason and by the key whose it was, and shown with a sentence.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { holdTable } from '../lib/hold.mjs';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { scrape, total } from '../lib/metrics_text.mjs';

const view = () => ({ event_id: uuidv7(), visitor_id: 'v', name: 'page_view' });
const views = (count) => Array.from({ length: count }, view);

let server;
const key = {};
before(async () => {
    server = await startServer({
        key_events_per_day: 4000,
        key_requests_per_second: 20,
        address_requests_per_second: 2,
        trusted_proxies: '127.0.0.1',
        metrics_token: 'watch',
        queue_rows: 600,
        batch_rows: 300,
    });
    for (const name of ['quota', 'size', 'many', 'type', 'fast', 'busy']) {
        const made = { name, kind: 'secret', role: 'viewer', scopes: ['events'] };
        key[name] = (await server.api('POST', '/keys', made)).body;
        const isKnown = async () => (await server.events([], { key: key[name].token })).status === 202;
        await until(isKnown, 10_000, `the edge to know ${name}`);
    }
    key.client = { id: Number(server.psql("select id from access_key where kind = 'client'")) };
});
after(() => server?.stop());

/* Asks until it is refused, 400 times at most; returns the statuses. */
async function askOften(send) {
    const statuses = [];
    while (statuses.length < 400 && statuses.at(-1) !== 429) statuses.push((await send()).status);
    return statuses;
}

const far = { 'x-forwarded-for': '203.0.113.9' };
/* [reason, the key, how it comes to it (returns how many were refused), a word of the sample] */
const KINDS = [
    [
        'quota',
        'quota',
        async (options) => {
            for (let i = 0; i < 8; i += 1) assert.equal((await server.events(views(450), options)).status, 202);
            const replies = [await server.events(views(450), options), await server.events(views(450), options)];
            assert.deepEqual(
                replies.map(({ status }) => status),
                [429, 429],
            );
            assert.equal((await server.events(views(400), options)).status, 202);
            return 2;
        },
        /has sent its events of the day/,
    ],
    [
        'too_large',
        'size',
        async (options) => {
            const body = { ...view(), properties: { text: 'x'.repeat(300_000) } };
            assert.equal((await server.events(body, options)).status, 413);
            return 1;
        },
        /body is too large/,
    ],
    [
        'too_large',
        'many',
        async (options) => {
            const reply = await server.events({ events: views(501) }, options);
            assert.deepEqual([reply.status, reply.body.pointer], [413, '/events']);
            return 1;
        },
        /body is too large/,
    ],
    [
        'media_type',
        'type',
        async (options) => {
            const reply = await server.events(view(), { ...options, headers: { 'content-type': 'text/html' } });
            assert.equal(reply.status, 415);
            return 1;
        },
        /application\/json or text\/plain/,
    ],
    [
        'key_limit',
        'fast',
        async (options) => {
            assert.equal((await askOften(() => server.events([], options))).at(-1), 429);
            return 1;
        },
        /requests a second with this key/,
    ],
    [
        'address_limit',
        'client',
        async () => {
            assert.equal((await askOften(() => server.events([], { headers: far }))).at(-1), 429);
            return 1;
        },
        /requests a second from one address/,
    ],
];

/* By reason, of all keys together. */
const counted = new Map();

const found = async (reason, name) =>
    (await server.api('GET', '/refusals')).body.items.find((item) => item.reason === reason && item.name === name);

for (const [reason, name, refuse, words] of KINDS)
    test(`${reason} is counted, under the key whose it was, and shown`, async () => {
        const count = await refuse({ key: key[name].token });
        const label = `key:${key[name].id}`;
        const item = await until(() => found(reason, label), 10_000, `${reason} of ${label}`);
        assert.equal(item.event_count, count);
        assert.equal(item.is_stored, false);
        assert.match(item.samples[0].detail, words);
        assert.equal(item.samples[0].event, '');
        counted.set(reason, (counted.get(reason) ?? 0) + count);
        await until(
            async () => total(await scrape(server), 'mete_refused_events_today', { reason }) === counted.get(reason),
            20_000,
            'the metric of the day',
        );
        assert.equal(total(await scrape(server), 'mete_refused_events_today', { reason: 'unreadable' }), 0);
    });

test('what has to wait too long is counted by event, and nothing is counted that was taken', async () => {
    const release = await holdTable(server, 'visitor_event');
    const asked = Array.from({ length: 12 }, () => server.events(views(300), { key: key.busy.token }));
    const settled = [];
    for (const reply of asked) reply.then((one) => settled.push(one));
    await until(() => settled.some(({ status }) => status === 503), 10_000, 'a refusal');
    await release();
    const replies = await Promise.all(asked);
    const busy = replies.filter(({ status }) => status === 503).length;
    const told = async () => {
        const events = (await found('busy', 'page_view'))?.event_count ?? 0;
        const whole = (await found('busy', `key:${key.busy.id}`))?.event_count ?? 0;
        return events / 300 + whole;
    };
    await until(async () => (await told()) === busy, 20_000, `${busy} of them`);
});

test('a request of nobody is counted for nobody', async () => {
    const before = server.psql('select coalesce(sum(event_count), 0) from refusal');
    const body = { ...view(), properties: { text: 'x'.repeat(300_000) } };
    assert.equal((await server.events(body, { key: 'mete_ck_nobody' })).status, 401);
    assert.equal(server.psql('select coalesce(sum(event_count), 0) from refusal'), before);
});
