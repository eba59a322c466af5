// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign's tests tried on its own visitors: by a job that is started, watched, cancelled, and begun
// anew when its process is killed.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';

const VISITORS = 600;
const LONG = 100_000;

let server;
before(async () => {
    server = await startServer();
    const variant = (key, is_control) => ({ key, weight: 0.5, is_control });
    await expect(
        201,
        server.api('POST', '/campaigns', {
            key: 'shop',
            name: 'Shop',
            kind: 'experiment',
            variants: [variant('a', true), variant('b', false)],
            metrics: [
                { key: 'conversion_rate', role: 'primary' },
                { key: 'revenue_per_visitor', role: 'secondary' },
                { key: 'average_order_value', role: 'secondary' },
            ],
        }),
    );
    await expect(200, server.api('POST', '/campaigns/shop/start', {}));
    const events = Array.from({ length: VISITORS }, (_, i) => shopping(i)).flat();
    for (let i = 0; i < events.length; i += 400) {
        const reply = await expect(202, server.events({ events: events.slice(i, i + 400) }, { key: server.secretKey }));
        assert.deepEqual(reply.rejected, []);
    }
    await until(
        () =>
            Number(server.psql('select count(*) from exposure')) === VISITORS &&
            Number(server.psql('select fold_backlog(1000)')) === 0,
        20_000,
        'the fold',
    );
});
after(() => server?.stop());

/* Every fifth orders; what for is spread over a wide range. */
function shopping(i) {
    const at = (second) => uuidv7(Date.now() - 3_600_000 + i * 1000 + second * 1000);
    const visitor_id = `visitor-${(i * 7919) % 10_007}`;
    const exposure = {
        event_id: at(0),
        visitor_id,
        name: 'exposure',
        properties: { campaign: 'shop', phase: 1, variant: i % 2 ? 'a' : 'b' },
    };
    const purchase = {
        event_id: at(1),
        visitor_id,
        name: 'purchase',
        properties: { value: 10 + ((i * 37) % 500) / 10, currency: 'EUR', transaction_id: `t-${i}` },
    };
    return i % 5 === 0 ? [exposure, purchase] : [exposure];
}

async function expect(status, promise) {
    const reply = await promise;
    assert.equal(reply.status, status, reply.text);
    return reply.body;
}

const begin = (input) => expect(202, server.api('POST', '/prove', { campaign: 'shop', ...input }));
const read = (id) => expect(200, server.api('GET', `/jobs/${id}`));
const inState = (id, state) =>
    until(
        async () => {
            const job = await read(id);
            return job.state === state && job;
        },
        60_000,
        `job ${id} to be ${state}`,
    );
const finding = (report, key) => report.metrics.find((m) => m.key === key);
const attempts = (id) => id && Number(server.psql(`select attempts from job where id = ${id}`));

test('a job is started, done, and its report read', async () => {
    const reply = await server.api('POST', '/prove', { campaign: 'shop', runs: 400, seed: 7, uplift: 0.5 });
    assert.equal(reply.status, 202, reply.text);
    const { id } = reply.body;
    assert.equal(reply.headers.location ?? reply.headers.get?.('location'), `/api/v1/jobs/${id}`);
    assert.equal(reply.body.state, 'queued');
    assert.equal(reply.body.kind, 'prove');
    const job = await inState(id, 'done');
    assert.equal(job.progress, 1);
    assert.equal(job.problem, null);
    assert.deepEqual(job.input, {
        campaign: 'shop',
        phase: 1,
        days: null,
        runs: 400,
        seed: 7,
        uplift: 0.5,
        confidence: 0.95,
    });

    const { result } = job;
    assert.equal(result.units, VISITORS);
    assert.equal(result.runs, 400);
    assert.deepEqual(
        result.metrics.map(({ key, kind, nonzero_units }) => [key, kind, nonzero_units]),
        [
            ['conversion_rate', 'conversion', VISITORS / 5],
            ['revenue_per_visitor', 'mean', VISITORS / 5],
            ['average_order_value', 'ratio', VISITORS / 5],
        ],
    );
    for (const metric of result.metrics) {
        const [lower, upper] = metric.false_calls.interval;
        assert.equal(metric.false_calls.of, 400);
        assert.equal(metric.false_calls.rate, metric.false_calls.count / 400);
        assert.ok(lower < 0.05 && upper > 0.05, JSON.stringify(metric.false_calls));
        assert.equal(metric.verdict, 'calibrated');
        assert.equal(
            metric.p_values.bins.reduce((sum, n) => sum + n, 0),
            400,
        );
        assert.ok(metric.peeking.p_value.rate > 0.15 && metric.peeking.always_valid.rate < 0.07);
        assert.ok(Math.abs(metric.power.rate - metric.planned_power) < 0.12, JSON.stringify(metric));
    }
});

test('the same seed gives the same report, another one another', async () => {
    const [a, b, c] = await Promise.all(
        [{ seed: 1 }, { seed: 1 }, { seed: 2 }].map((more) => begin({ runs: 60, ...more })),
    );
    const [first, second, third] = await Promise.all([a, b, c].map(({ id }) => inState(id, 'done')));
    assert.deepEqual(first.result, second.result);
    assert.notDeepEqual(first.result.metrics, third.result.metrics);
});

test('a job in work tells how far it is, and is cancelled', async () => {
    const { id } = await begin({ runs: LONG });
    const waiting = await begin({ runs: LONG });
    const job = await until(
        async () => {
            const now = await read(id);
            return now.progress > 0 && now;
        },
        30_000,
        'progress',
    );
    assert.equal(job.state, 'running');
    assert.ok(job.progress < 1);
    await expect(204, server.api('DELETE', `/jobs/${waiting.id}`));
    await expect(204, server.api('DELETE', `/jobs/${id}`));
    assert.equal((await read(id)).state, 'cancelled');
    assert.equal((await read(id)).result, null);
    const conflict = await expect(409, server.api('DELETE', `/jobs/${id}`));
    assert.equal(conflict.detail, 'the job has ended already');
    /* Its process leaves: the next job need not wait for it. */
    await inState((await begin({ runs: 1 })).id, 'done');
});

async function killWorker() {
    const victim = server.pids().worker;
    process.kill(victim, 'SIGKILL');
    await until(() => ![undefined, victim].includes(server.pids().worker), 10_000, 'a new worker');
}

test('kill -9 of the worker: its job is begun anew and comes out the same', async () => {
    /* A job that was done before the kill came is followed by a longer one. */
    let id;
    let runs = 1500;
    let job;
    for (; attempts(id) !== 2; runs *= 4) {
        ({ id } = await begin({ runs, seed: 11 }));
        await until(async () => (await read(id)).progress > 0, 30_000, 'progress');
        await killWorker();
        job = await inState(id, 'done');
    }
    const calm = await inState((await begin({ runs: job.input.runs, seed: 11 })).id, 'done');
    assert.equal(attempts(calm.id), 1);
    assert.deepEqual(job.result, calm.result);
});

test('a job that is always interrupted fails with a sentence', async () => {
    const id = Number(
        server.psql(`insert into job (environment_id, kind, input, actor, state, attempts)
            values (1, 'prove', '{}', 'system', 'running', 5) returning id`),
    );
    const job = await inState(id, 'failed');
    assert.equal(job.problem, 'It was interrupted five times.');
});

test('a job that cannot be done fails with a sentence', async () => {
    const absent = await begin({ campaign: 'nothing' });
    assert.equal((await inState(absent.id, 'failed')).problem, 'There is no campaign "nothing".');
    const early = await begin({ phase: 9 });
    assert.match((await inState(early.id, 'failed')).problem, /0 units are too few/);
});

test('jobs are listed newest first, page by page, without their results', async () => {
    const { items, next } = await expect(200, server.api('GET', '/jobs?limit=2'));
    assert.equal(items.length, 2);
    assert.ok(items[0].id > items[1].id);
    assert.equal(next, String(items[1].id));
    const more = await expect(200, server.api('GET', `/jobs?limit=500&after=${next}`));
    assert.ok(more.items[0].id < items[1].id);
    assert.ok(more.items.every(({ result }) => result === null));
    assert.equal(more.next, null);
});

test('jobs are listed by kind and campaign', async () => {
    const all = (await expect(200, server.api('GET', '/jobs?limit=500'))).items;
    const rows = [
        ['kind=prove', ({ kind }) => kind === 'prove'],
        ['kind=nothing', () => false],
        ['campaign=shop', ({ input }) => input.campaign === 'shop'],
        ['campaign=nothing', ({ input }) => input.campaign === 'nothing'],
        ['kind=prove&campaign=shop', ({ kind, input }) => kind === 'prove' && input.campaign === 'shop'],
        ['kind=nothing&campaign=shop', () => false],
    ];
    for (const [query, fits] of rows) {
        const { items } = await expect(200, server.api('GET', `/jobs?limit=500&${query}`));
        assert.deepEqual(
            items.map(({ id }) => id),
            all.filter(fits).map(({ id }) => id),
            query,
        );
    }
    for (const query of ['kind=No!', 'campaign=No!', 'kind=', 'campaign=a%00b'])
        await expect(400, server.api('GET', `/jobs?${query}`));
});

test('wrong requests are refused with a pointer', async () => {
    const wrong = [
        [{}, '/campaign'],
        [{ campaign: 'Shop!' }, '/campaign'],
        [{ campaign: 'shop', runs: 0 }, '/runs'],
        [{ campaign: 'shop', runs: 1.5 }, '/runs'],
        [{ campaign: 'shop', runs: LONG + 1 }, '/runs'],
        [{ campaign: 'shop', uplift: -1 }, '/uplift'],
        [{ campaign: 'shop', seed: -1 }, '/seed'],
        [{ campaign: 'shop', days: 0 }, '/days'],
        [{ campaign: 'shop', confidence: 1 }, '/confidence'],
        [{ campaign: 'shop', speed: 1 }, '/speed'],
    ];
    for (const [body, pointer] of wrong) {
        const problem = await expect(400, server.api('POST', '/prove', body));
        assert.equal(problem.pointer, pointer);
    }
    for (const path of ['/jobs/0', '/jobs/x', '/jobs/999999999', '/jobs/99999999999999999999']) {
        await expect(404, server.api('GET', path));
        await expect(404, server.api('DELETE', path));
    }
    await expect(400, server.api('GET', '/jobs?after=x'));
    await expect(400, server.api('GET', '/jobs?limit=0'));
    const stranger = await server.api('POST', '/prove', { campaign: 'shop' }, { key: server.clientKey });
    assert.ok([401, 403].includes(stranger.status));
});

test('a hundred jobs may wait, and no more', async () => {
    const before = Number(server.psql('select coalesce(max(id), 0) from job'));
    server.psql(`insert into job (environment_id, kind, input, actor, state)
        select 1, 'overlap', '{}', 'system', 'queued' from generate_series(1, 2000)`);
    const { status, headers, body } = await server.api('POST', '/prove', { campaign: 'shop' });
    server.psql(`delete from job where id > ${before}`);
    assert.equal(status, 429);
    assert.ok(Number(headers['retry-after']) > 0);
    assert.match(body.detail, /too many jobs/);
    await expect(202, server.api('POST', '/prove', { campaign: 'shop', runs: 100, seed: 1 }));
});

test('mete prove prints the report, as JSON too, and draws the p-values', async () => {
    const args = ['prove', '--runs', '60', '--seed', '3', '--uplift', '0.4'];
    const text = await server.mete([...args, 'shop']);
    assert.match(text, /^600 visitors, split in two at random 60 times \(seed 3\)/);
    assert.match(text, /\n {2}conversion_rate +\d+\.\d % \(\d+\.\d-\d+\.\d\) .*calibrated/);
    assert.match(text, /With \+40 % put into one arm/);
    assert.match(text, /Looking \d+ times/);
    assert.match(text, /\n {2}0 [ ▁▂▃▄▅▆▇█]{20} 1 {2}average_order_value\n/);

    const svg = join(server.stateFolder, 'p.svg');
    const report = JSON.parse(await server.mete([...args, '--json', '--svg', svg, 'shop']));
    const { id } = await begin({ runs: 60, seed: 3, uplift: 0.4 });
    assert.deepEqual(report, (await inState(id, 'done')).result);
    const drawing = readFileSync(svg, 'utf8');
    assert.equal(drawing.match(/<rect /g).length, 3 * 20);
    assert.ok(drawing.startsWith('<svg ') && drawing.endsWith('</svg>\n'));
});

test('mete prove on exported outcomes needs no server and says the same', async () => {
    const file = join(server.stateFolder, 'outcomes.csv');
    writeFileSync(file, await server.mete(['export', '--what', 'outcomes', 'shop']));
    const args = ['prove', '--runs', '60', '--seed', '3', '--uplift', '0.4', '--json'];
    const here = JSON.parse(await server.mete([...args, file], { env: { METE_DESK_URL: '', METE_SECRET_KEY: '' } }));
    const there = JSON.parse(await server.mete([...args, 'shop']));
    const figures = ({ key, kind, false_calls, peeking, power }) => ({ key, kind, false_calls, peeking, power });
    const sorted = (report) => report.metrics.map(figures).sort((a, b) => (a.key < b.key ? -1 : 1));
    assert.equal(here.units, VISITORS);
    assert.deepEqual(sorted(here), sorted(there));
});

test('mete prove says what it cannot do', async () => {
    const refused = async (status, sentence, args) => {
        const error = await server.mete(['prove', ...args]).catch((e) => e);
        assert.equal(error.code, status, error.stderr);
        assert.match(error.stderr, sentence);
    };
    await refused(1, /There is no campaign "nothing"/, ['nothing']);
    await refused(2, /--runs: "0" is not a whole number/, ['--runs', '0', 'shop']);
    await refused(2, /"Shop" is neither a campaign's key nor a file/, ['Shop']);
    await refused(2, /nowhere\.csv/, ['nowhere.csv']);
    const file = join(server.stateFolder, 'broken.csv');
    writeFileSync(file, 'visitor_id,metrics.x\na,1\nb,one\n');
    await refused(2, /line 3: "one" is no number/, [file]);
    writeFileSync(file, 'visitor_id,x\na,1\n');
    await refused(2, /no column is named "metrics\./, [file]);
    writeFileSync(file, 'exposed_at,metrics.x\nyesterday,1\n');
    await refused(2, /line 2: "yesterday" is no time/, [file]);
    writeFileSync(file, 'visitor_id,metrics.x\na,1\n');
    await refused(2, /1 units are too few/, [file]);
    await refused(2, /--svg: /, ['--runs', '5', '--svg', '/nowhere/p.svg', 'shop']);
});
