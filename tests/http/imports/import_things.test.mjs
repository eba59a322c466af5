// SPDX-License-Identifier: GPL-3.0-or-later
// An import is a thing of its own: listed, shown, replaced, taken back as a whole.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sharedFile, startServer, until } from '../lib/harness.mjs';
import { Imports, mapping, valuesOf } from '../lib/imports.mjs';

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
const CORRECTED = 'id,g,v\nra1,a,10\nra2,b,20\nra3,a,31\n';
const VARIANTS = [
    { key: 'a', weight: 0.5, is_control: true },
    { key: 'b', weight: 0.5 },
];

test('two files whose visitors are their row numbers do not meet', async () => {
    const rows = { visitor: { row_number: true }, time: { constant: '2024-07-10' } };
    await imports.load('rn1', 'g,v\na,1\nb,1\na,1\nb,1\n', [], rows);
    await imports.load('rn2', 'g,v\na,100\na,100\nb,100\nb,100\n', [], rows);
    assert.deepEqual(await imports.values('rn1'), { a: 1, b: 1 });
    assert.deepEqual(await imports.values('rn2'), { a: 100, b: 100 });
});

test(
    'the same, of the collected cases',
    { skip: sharedFile('cases/rn1.csv') ? false : 'they are absent' },
    async () => {
        for (const name of ['rn1', 'rn2']) {
            const args = ['--mapping', sharedFile(`cases/${name}.json`), '--campaign', `case-${name}`, '--json'];
            const { status, stderr } = await imports.run(['import', ...args, sharedFile(`cases/${name}.csv`)]);
            assert.equal(status, 0, stderr);
        }
        assert.deepEqual(await imports.values('case-rn1'), { a: 1, b: 1 });
        assert.deepEqual(await imports.values('case-rn2'), { a: 100, b: 100 });
    },
);

test('a corrected file is refused, with how to put it in place', async () => {
    await imports.load('re', FIRST);
    const { status, stderr } = await imports.tell('re', CORRECTED);
    assert.equal(status, 1);
    assert.match(
        stderr,
        /"re" holds the import of "re\.csv" of 20\d\d-.*--replace.*mete imports --undo re.*--campaign/,
    );
    assert.deepEqual(await imports.values('re'), { a: 20, b: 20 });
    const other = await imports.tell('re', FIRST, [], { events: [] });
    assert.match(other.stderr, /not the same file and mapping/);
});

test('--replace puts it in place: nothing is added', async () => {
    const before = (await imports.campaign('re')).import;
    const { import: id, results: printed } = await imports.load('re', CORRECTED, ['--replace']);
    assert.notEqual(id, before);
    assert.deepEqual(valuesOf(printed), { a: 20.5, b: 20 });
    assert.deepEqual(await imports.values('re'), { a: 20.5, b: 20 });
    await imports.untilGone(before);
    assert.equal(imports.stored(before), 0);
    assert.deepEqual(await imports.values('re'), { a: 20.5, b: 20 });
});

test('the same file twice is one import', async () => {
    const first = await imports.load('twice', FIRST);
    for (const args of [[], ['--replace'], ['--restart']]) {
        const again = await imports.load('twice', FIRST, args);
        assert.equal(again.import, first.import);
        assert.deepEqual([again.accepted, again.duplicate], [0, 6]);
    }
    assert.deepEqual(await imports.values('twice'), { a: 20, b: 20 });
    const { items } = (await server.api('GET', '/imports')).body;
    assert.equal(items.filter((one) => one.campaign === 'twice').length, 1);
});

test('it is listed, and shown with what it held', async () => {
    const { import: id } = await imports.load('shown', `${FIRST}rb1,b,\n`);
    const one = await imports.show(id);
    assert.deepEqual(
        [one.campaign, one.campaign_name, one.state, one.file_name, one.rows, one.bad_rows, one.refused],
        ['shown', 'Past shown', 'done', 'shown.csv', 4, 0, 0],
    );
    assert.deepEqual(one.events, { exposure: 4, purchase: 4 });
    assert.deepEqual(one.variants, { a: 2, b: 2 });
    assert.deepEqual(one.mapping, mapping('shown'));
    assert.match(one.file_sha256, /^[0-9a-f]{64}$/);
    assert.match(one.actor, /^key:\d+$/);
    assert.equal(one.visitor_prefix, `import/${id}/`);
    const [first] = (await server.api('GET', '/imports?limit=1')).body.items;
    assert.deepEqual(first, one);
    const list = await imports.run(['imports']);
    assert.equal(list.status, 0, list.stderr);
    assert.match(list.stdout, /^shown +done +20\S+ +4 +8 +4 +2024-06-10 +2024-06-10 +shown\.csv$/m);
    assert.equal((await server.api('GET', '/imports/999999')).status, 404);
    assert.equal((await server.api('GET', '/imports/x')).status, 404);
});

test('its phase is as old as its data, and it never serves', async () => {
    const more = { time: { column: 'at' } };
    await imports.load('dated', 'id,g,v,at\nd1,a,1,2023-03-04 10:00\nd2,b,1,2023-03-20 15:30\n', [], more);
    const { status, started_at, stopped_at, phases } = await imports.campaign('dated');
    assert.equal(status, 'stopped');
    assert.equal(phases.length, 1);
    assert.equal(started_at, '2023-03-04T10:00:00.000000Z');
    assert.equal(phases[0].started_at, started_at);
    assert.equal(stopped_at, phases[0].ended_at);
    assert.equal(new Date(stopped_at).getTime() > Date.UTC(2023, 2, 20, 15, 30), true);
    assert.equal(new Date(stopped_at).getTime() <= Date.UTC(2023, 2, 21, 15, 30), true);
    const { body } = await server.decide({ visitor_id: 'd1' });
    assert.ok(!JSON.stringify(body).includes('dated'), JSON.stringify(body));
});

test('taken back, nothing of it is left but its record', async () => {
    const { import: id } = await imports.load('back', FIRST);
    const campaignId = Number(server.psql("select id from campaign where key = 'back'"));
    assert.ok(imports.tablesOf(campaignId).length > 0);
    const undone = await imports.run(['imports', '--undo', 'back']);
    assert.equal(undone.status, 0, undone.stderr);
    assert.equal((await server.api('GET', '/campaigns/back')).status, 404);
    assert.equal((await server.api('GET', '/campaigns/back/results')).status, 404);
    await imports.untilGone(id);
    assert.equal(imports.stored(id), 0);
    assert.deepEqual(imports.tablesOf(campaignId), []);
    assert.equal(server.psql('select count(*) from import_removal'), '0');
    const one = await imports.show(id);
    assert.deepEqual([one.campaign_name, one.rows, one.variants], ['Past back', 3, { a: 2, b: 1 }]);
    const again = await imports.run(['imports', '--undo', 'back']);
    assert.equal(again.status, 1);
    const audit = (await server.api('GET', '/audit?limit=100')).body.items;
    const told = audit.filter((line) => line.action.startsWith('import.') && line.resource === String(id));
    assert.deepEqual(told.map((line) => line.action).sort(), ['import.delete', 'import.finish']);
    assert.ok(audit.some((line) => line.action === 'campaign.import' && line.resource === 'back'));
});

test('taken back, it can be imported again', async () => {
    const first = await imports.load('again', FIRST);
    await imports.takeBack(first.import);
    const second = await imports.load('again', FIRST);
    assert.notEqual(second.import, first.import);
    assert.equal(second.accepted, 6);
    assert.deepEqual(await imports.values('again'), { a: 20, b: 20 });
    await imports.untilGone(first.import);
    assert.deepEqual(await imports.values('again'), { a: 20, b: 20 });
    assert.equal(imports.stored(second.import), 6);
});

test('taken back while results are read: whole, or not there', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `w${i},${i % 2 ? 'a' : 'b'},${i % 7}`);
    const { import: id, results: whole } = await imports.load('read', `id,g,v\n${rows.join('\n')}\n`);
    const seen = new Set();
    let isOver = false;
    const reader = (async () => {
        while (!isOver) {
            const reply = await server.api('GET', '/campaigns/read/results');
            seen.add(reply.status);
            if (reply.status === 200) assert.deepEqual(valuesOf(reply.body), valuesOf(whole));
            else assert.equal(reply.status, 404, reply.text);
        }
    })();
    await until(() => seen.has(200), 10_000, 'results');
    await imports.takeBack(id);
    await imports.untilGone(id);
    isOver = true;
    await reader;
    assert.equal(imports.stored(id), 0);
});

test('a campaign that no import made is not touched', async () => {
    const body = { key: 'live', kind: 'experiment', variants: VARIANTS, metrics: [{ key: 'revenue_per_visitor' }] };
    assert.equal((await server.api('POST', '/campaigns', body)).status, 201);
    assert.equal((await server.api('POST', '/campaigns/live/start')).status, 200);
    const { status, stderr } = await imports.tell('live', FIRST, ['--replace']);
    assert.equal(status, 1);
    assert.match(stderr, /"live" exists already, and no import made it.*--campaign/);
    const moved = await server.api('POST', '/campaigns/live/import', {
        first_at: '2024-01-01T00:00:00Z',
        last_at: '2024-01-02T00:00:00Z',
    });
    assert.equal(moved.status, 409);
    assert.equal((await imports.campaign('live')).status, 'running');
    const undone = await imports.run(['imports', '--undo', 'live']);
    assert.equal(undone.status, 1);
    assert.match(undone.stderr, /no import made the campaign "live"/);
});

test('what an import must tell', async () => {
    const body = { key: 'told', kind: 'experiment', variants: VARIANTS, metrics: [{ key: 'revenue_per_visitor' }] };
    assert.equal((await server.api('POST', '/campaigns', body)).status, 201);
    const tell = async (told) => (await server.api('POST', '/campaigns/told/import', told)).body.pointer;
    assert.equal(await tell({}), '/first_at');
    assert.equal(await tell({ first_at: '2024-01-02T00:00:00Z' }), '/last_at');
    assert.equal(await tell({ first_at: '2024-01-02T00:00:00Z', last_at: '2024-01-01T00:00:00Z' }), '/first_at');
    assert.equal(await tell({ first_at: 'soon', last_at: '2024-01-01T00:00:00Z' }), '/first_at');
    assert.equal((await imports.campaign('told')).status, 'draft');
});
