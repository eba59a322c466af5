// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing else notices that an import came or went: live results, other campaigns, plans, days that retention drops;
// and what was killed half-way never shows as done.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';

let server;
let imports;
before(async () => {
    server = await startServer();
    imports = new Imports(server);
});
after(async () => {
    imports?.remove();
    await server?.stop();
});

const FIRST = 'id,g,v\nra1,a,10\nra2,b,20\nra3,a,30\n';
const VARIANTS = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];
const event = (visitor_id, name, properties, ms) => ({ event_id: uuidv7(ms), visitor_id, name, properties });
async function send(events) {
    const reply = await server.events({ events }, { key: server.secretKey });
    assert.deepEqual([reply.status, reply.body.accepted], [202, events.length], reply.text);
}

/* What is measured and estimated without imports. */
async function aside() {
    const quality = (await server.api('GET', '/data-quality?days=2')).body;
    const plan = (await server.api('POST', '/plan', { metric: 'revenue_per_visitor', uplift: 0.1 })).body;
    const { visitors, sampled } = (await server.api('GET', '/audience/attributes')).body;
    const { variants, metrics, health } = await imports.results('live');
    const { daily, days, ...measured } = plan.measured;
    assert.ok(daily > 0 && days > 0);
    return { total: quality.total.event_count, measured, visitors, sampled, variants, metrics, health };
}

test('live results, other campaigns, planning and data quality do not notice', async () => {
    const body = { key: 'live', kind: 'experiment', variants: VARIANTS, metrics: [{ key: 'revenue_per_visitor' }] };
    assert.equal((await server.api('POST', '/campaigns', body)).status, 201);
    assert.equal((await server.api('POST', '/campaigns/live/start')).status, 200);
    const ms = Date.now() - 5000;
    await send(
        ['ra1', 'ra2', 'ra3', 'ra4'].flatMap((id, i) => [
            event(id, 'exposure', { campaign: 'live', phase: 1, variant: i % 2 ? 'a' : 'b' }, ms),
            event(id, 'purchase', { value: 5, currency: 'EUR', transaction_id: `t${i}` }, ms + 10),
        ]),
    );
    const isCounted = async () => {
        const quality = (await server.api('GET', '/data-quality?days=2')).body;
        const { health } = await imports.results('live');
        return quality.total.event_count === 8 && health.fold.lag_events === 0;
    };
    await until(isCounted, 30_000, 'the live events to be counted');
    const before = await aside();
    assert.deepEqual(before.variants.map((one) => one.units).sort(), [2, 2]);
    await imports.load('re', FIRST);
    /* The same visitors, now: behind their live exposures. */
    const more = { time: { constant: new Date(ms + 1000).toISOString() } };
    const { import: id } = await imports.load('now', FIRST, [], more);
    assert.deepEqual(await imports.values('now'), { a: 20, b: 20 });
    const idle = () => Number(server.psql('select consumer_backlog(2, 1000)')) === 0;
    await until(idle, 30_000, 'the second consumer to be idle');
    assert.deepEqual(await aside(), before);
    await imports.takeBack(id);
    await imports.untilGone(id);
    assert.deepEqual(await aside(), before);
    assert.deepEqual(await imports.values('re'), { a: 20, b: 20 });
});

test('an import counts its own visitors alone, and they count nowhere else', async () => {
    const { import: id } = await imports.load('own', FIRST);
    const exposure = (campaign_, variant) => ({ campaign: campaign_, phase: 1, variant });
    const ms = Date.UTC(2024, 5, 10);
    await send([
        event('stranger', 'exposure', exposure('own', 'b'), ms),
        event('import/1/ra9', 'exposure', exposure('own', 'b'), ms),
        event(`import/${id}/ra1`, 'exposure', exposure('live', 'b')),
    ]);
    await until(async () => (await imports.results('own')).health.fold.lag_events === 0, 30_000, 'them to be read');
    assert.deepEqual((await imports.results('own')).variants.map(({ key, units }) => [key, units]).sort(), [
        ['a', 2],
        ['b', 1],
    ]);
    assert.deepEqual(
        (await imports.results('live')).variants.map(({ units }) => units),
        [2, 2],
    );
});

test('who holds the public key sends no visitor of an import', async () => {
    const body = { events: [event('import/1/ra1', 'purchase', { value: 1, currency: 'EUR', transaction_id: 'x' })] };
    const reply = await server.events(body);
    assert.equal(reply.status, 202);
    assert.equal(reply.body.accepted, 0);
    assert.match(reply.body.rejected[0].detail, /begins with import\//);
});

test('killed in the middle, it does not show as done; taken back, nothing is left', async () => {
    const id = await imports.kill('killed', 20_000);
    assert.equal((await imports.show(id)).state, 'sending');
    assert.ok((await imports.results('killed')).health.warnings.includes('import_partial'));
    assert.ok(!imports.tablesOf(server.psql("select id from campaign where key = 'killed'")).includes('look'));
    const other = await imports.tell('killed', FIRST);
    assert.equal(other.status, 1, 'another file does not go on where it was');
    await imports.takeBack(id);
    await imports.untilGone(id);
    assert.equal(imports.stored(id), 0);
    assert.equal((await server.api('POST', `/imports/${id}/finish`)).status, 409);
    await imports.load('killed', FIRST);
    assert.deepEqual(await imports.values('killed'), { a: 20, b: 20 });
    assert.ok(!(await imports.results('killed')).health.warnings.includes('import_partial'));
});

test('killed in the middle, it goes on as the same import', async () => {
    const id = await imports.kill('resumed', 20_000);
    const { status, stderr } = await imports.resume('resumed');
    assert.equal(status, 0, stderr);
    assert.match(stderr, /going on behind row/);
    assert.equal((await imports.campaign('resumed')).import, id);
    const one = await imports.show(id);
    assert.deepEqual([one.state, one.variants, imports.stored(id)], ['done', { a: 10_000, b: 10_000 }, 40_000]);
    await imports.takeBack(id);
});

test('what was sent behind its end is swept up when it is taken back again', async () => {
    const { import: id } = await imports.load('late', FIRST);
    await imports.takeBack(id);
    await imports.untilGone(id);
    await send([event(`import/${id}/ra1`, 'purchase', { value: 1, currency: 'EUR', transaction_id: 'l' })]);
    assert.equal(imports.stored(id), 1);
    await imports.takeBack(id);
    await imports.untilGone(id);
    assert.equal(imports.stored(id), 0);
    assert.deepEqual((await imports.show(id)).variants, { a: 2, b: 1 });
});

test('made anew from the events alone, imports stand as they did', async () => {
    const keys = ['re', 'own', 'killed', 'live'];
    const all = async () =>
        Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await imports.results(key)])));
    const shown = (every) =>
        Object.fromEntries(Object.entries(every).map(([key, one]) => [key, [one.variants, one.metrics]]));
    const before = shown(await all());
    await server.mete(['rebuild', '--json']);
    assert.deepEqual(shown(await all()), before);
});

test('retention keeps the days of an import as long as it is there, and no others for its sake', async () => {
    const { import: id } = await imports.load('kept', FIRST, [], { time: { constant: '2022-02-03' } });
    const days = () =>
        server.rows(`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'visitor_event'::regclass and c.relname like 'visitor_event_2022%' order by 1`);
    server.psql("select visitor_event_partition('2022-05-05')");
    assert.deepEqual(
        days().map(({ name }) => name),
        ['visitor_event_20220203', 'visitor_event_20220505'],
    );
    assert.equal(server.psql('select event_forget(10)'), '2022-05-05');
    assert.deepEqual(
        days().map(({ name }) => name),
        ['visitor_event_20220203'],
    );
    assert.deepEqual(await imports.values('kept'), { a: 20, b: 20 });
    await imports.takeBack(id);
    await imports.untilGone(id);
    assert.equal(server.psql('select event_forget(10)'), '2022-02-03');
});
