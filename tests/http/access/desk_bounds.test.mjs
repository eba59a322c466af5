// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody holds the tables that reports read. Who asks for a report waits for so long and no longer, who comes later
// is told to come again at once, and nobody else notices: neither who signs in, nor who pulls the panic switch, nor
// who reads or changes the configuration.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { holdTable } from '../lib/hold.mjs';
import { startServer, until } from '../lib/harness.mjs';

const ROUTES = Object.keys(JSON.parse(readFileSync(new URL('routes.json', import.meta.url), 'utf8')).desk);

/* What goes through events, sums or visitors, and so may take long. All others are the configuration's. */
const REPORTS = `
    audience/attributes campaigns/{key}/events campaigns/{key}/exposures campaigns/{key}/outcomes
    campaigns/{key}/findings campaigns/{key}/results campaigns/{key}/split campaigns/{key}/standing
    currency-rates data-quality install jobs jobs/{id} live-events refusals uplifts visitors/{id} visitors/{id}/events`
    .trim()
    .split(/\s+/)
    .map((path) => `GET /api/v1/${path}`);

let server;
let link;
before(async () => {
    server = await startServer();
    const variants = ['a', 'b'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0 }));
    const metrics = [{ key: 'conversion_rate', role: 'primary' }];
    await must(server.api('POST', '/campaigns', { key: 'held', kind: 'experiment', variants, metrics }));
    await must(server.api('POST', '/campaigns/held/start', {}));
    await must(server.api('POST', '/flags', { key: 'cta', type: 'string', default: 'Go' }));
    link = (await must(server.api('POST', '/users', { email: 'ann@shop.example', role: 'admin' }))).body.link;
});
after(() => server?.stop());

async function must(reply) {
    const { status, text } = await reply;
    assert.ok(status < 300, `${status} ${text}`);
    return reply;
}

const fill = (path) =>
    path
        .replace('/campaigns/{key}', '/campaigns/held')
        .replaceAll('{id}', '1')
        .replace(/\{\w+\}/g, 'cta');

/* What must not wait, each by itself: what a person in a hurry does. */
const URGENT = {
    'sign in by a link': () => server.desk.request('POST', link, undefined, { key: null }),
    'sign in by a password that is wrong': () =>
        server.desk.request('POST', '/api/v1/login', { email: 'ann@shop.example', password: 'x' }, { key: null }),
    livez: () => server.desk.request('GET', '/livez', undefined, { key: null }),
    metrics: () => server.desk.request('GET', '/metrics', undefined, { key: null }),
    'a page': () => server.desk.request('GET', '/', undefined, { key: null }),
    'panic on': () => server.api('POST', '/environments/production/panic', { is_panic: true }),
    'panic off': () => server.api('POST', '/environments/production/panic', { is_panic: false }),
    'who am I': () => server.api('GET', '/session'),
    'the campaigns': () => server.api('GET', '/campaigns'),
    'a campaign': () => server.api('GET', '/campaigns/held'),
    'a change of a flag': () => server.api('PATCH', '/flags/cta', { default: 'Buy' }),
    'a new flag': () => server.api('POST', '/flags', { key: 'fresh', type: 'boolean', default: false }),
    'a campaign paused': () => server.api('POST', '/campaigns/held/pause', {}),
    'a decision': () => server.decide({ visitor_id: 'v' }),
};
const EXPECTED = { 'sign in by a password that is wrong': 401, 'a new flag': 201, 'sign in by a link': 303 };

/* One request that waits for the table, and what it was answered once it was. */
function stuck() {
    const waiting = { reply: undefined };
    waiting.done = server.api('GET', '/campaigns/held/results').then((reply) => (waiting.reply = reply));
    return waiting;
}

test('tables held: what is urgent is answered before what waits for them', async () => {
    const release = await holdTable(server, 'cohort', true);
    try {
        const waiting = stuck();
        await until(() => server.isWaitedFor('cohort'), 10_000, 'the report to wait');
        for (const [name, ask] of Object.entries(URGENT)) {
            const { status, text } = await ask();
            assert.equal(status, EXPECTED[name] ?? 200, `${name}: ${text}`);
            assert.equal(waiting.reply, undefined, `${name} waited for the report`);
        }
        await release();
        await waiting.done;
        assert.equal(waiting.reply.status, 200, waiting.reply.text);
    } finally {
        await release();
    }
});

/* A request each half second, none of which waits for the one before, until one is refused. */
async function jammed(waiting) {
    let isOne = false;
    const ask = async () => {
        if ((await server.api('GET', '/jobs')).status === 503) isOne = true;
    };
    await until(
        async () => {
            void ask();
            await pause(500);
            return isOne || waiting.reply;
        },
        60_000,
        'a jam',
    );
    return isOne && !waiting.reply;
}

test('what waits ends; in a jam every route is answered, and those told to come again are the reports', async () => {
    const release = await holdTable(server, 'cohort', true);
    const [refused, others] = [[], []];
    const waiting = stuck();
    try {
        await until(() => server.isWaitedFor('cohort'), 10_000, 'the report to wait');
        assert.ok(await jammed(waiting), 'somebody was told to come again before the first was answered');
        for (const route of ROUTES.filter((name) => name.startsWith('GET /api/v1'))) {
            const { status, headers, text } = await server.desk.request('GET', fill(route.slice(4)));
            if (waiting.reply) break; // a machine so slow that the jam is over
            if (status === 503) assert.equal(headers['retry-after'], '1', text);
            (status === 503 ? refused : others).push(route);
        }
        await waiting.done;
        assert.equal(waiting.reply.status, 503, waiting.reply.text);
    } finally {
        await release();
    }
    const isReport = (route) => REPORTS.includes(route);
    assert.deepEqual([refused.filter((route) => !isReport(route)), others.filter(isReport)], [[], []]);
    const isWell = async () => (await server.api('GET', '/campaigns/held/results')).status === 200;
    await until(isWell, 20_000, 'reports to be answered again');
});
