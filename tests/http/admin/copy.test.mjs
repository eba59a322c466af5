// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of a campaign: a draft with all of it but what belongs to its own time; by the API and the command line.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer } from '../lib/harness.mjs';

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    await ok('POST', '/flags', { key: 'cta', type: 'string', default: '' });
    await ok('POST', '/layers', { key: 'top' });
    await ok('POST', '/campaigns', SPRING);
    await ok('POST', '/campaigns/spring/start');
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const SPRING = {
    key: 'spring',
    name: 'Spring',
    kind: 'experiment',
    hypothesis: 'Because',
    labels: ['shop'],
    priority: 3,
    coverage: 0.5,
    audience: { country: 'DE' },
    triggers: { pages: [{ value: '/cart' }], moments: [] },
    layer: { key: 'top', share: 0.2 },
    schedule: { end: '2099-01-01T00:00:00Z' },
    forced: { eve: 'b' },
    metrics: [{ key: 'conversion_rate', role: 'primary' }],
    variants: [
        { key: 'a', name: 'A', weight: 0.4, is_control: true, flags: { cta: 'x' } },
        { key: 'b', name: 'B', weight: 0.6, changes: [{ type: 'text', selector: 'h1', value: 'Hi' }] },
    ],
};

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const copy = (key, body) => server.api('POST', `/campaigns/${key}/copy`, body);
const get = (key) => ok('GET', `/campaigns/${key}`);

test('all is taken over but schedule, forced visitors and decision; a start gives it its own seed', async () => {
    const was = await get('spring');
    const made = (await copy('spring')).body;
    assert.deepEqual([made.key, made.name, made.status, made.phase], ['spring-copy', 'Copy of Spring', 'draft', 0]);
    for (const name of ['kind', 'hypothesis', 'labels', 'priority', 'coverage', 'audience', 'triggers', 'layer'])
        assert.deepEqual(made[name], was[name], name);
    for (const name of ['metrics', 'variants', 'confidence', 'statistics'])
        assert.deepEqual(made[name], was[name], name);
    assert.deepEqual([made.schedule, made.forced, made.decision, made.phases], [null, {}, null, []]);
    assert.deepEqual(await get('spring'), was, 'the first one is as it was');
    const [line] = (await ok('GET', '/audit?limit=1')).items;
    assert.deepEqual([line.action, line.resource, line.before], ['campaign.create', 'spring-copy', null]);
    const started = await ok('POST', '/campaigns/spring-copy/start');
    assert.notEqual(started.phases[0].seed, was.phases[0].seed);
});

test('keys and names: those that are told, else free ones that fit', async () => {
    const long = { ...SPRING, key: 'k'.repeat(64), name: 'ü'.repeat(200), layer: null };
    await ok('POST', '/campaigns', long);
    await ok('POST', '/campaigns', { ...SPRING, key: 'plain', name: '', layer: null });
    for (const [key, body, wantedKey, wantedName] of [
        ['spring', {}, 'spring-copy-2', 'Copy of Spring'],
        ['spring', null, 'spring-copy-3', 'Copy of Spring'],
        ['spring', { key: 'summer' }, 'summer', 'Copy of Spring'],
        ['spring', { name: 'Autumn' }, 'spring-copy-4', 'Autumn'],
        ['spring', { key: 'winter', name: 'Winter' }, 'winter', 'Winter'],
        ['spring', { key: null, name: null }, 'spring-copy-5', 'Copy of Spring'],
        ['spring', { name: '' }, 'spring-copy-6', ''],
        ['summer', {}, 'summer-copy', 'Copy of Copy of Spring'],
        ['plain', {}, 'plain-copy', 'Copy of plain'],
        [long.key, {}, /^campaign-\d+-copy$/, `Copy of ${'ü'.repeat(192)}`],
    ]) {
        const reply = await copy(key, body ?? undefined);
        assert.equal(reply.status, 200, reply.text);
        if (wantedKey instanceof RegExp) assert.match(reply.body.key, wantedKey);
        else assert.equal(reply.body.key, wantedKey);
        assert.equal(reply.body.name, wantedName);
    }
});

test('what cannot be is refused, and nothing is made', async () => {
    const before = (await ok('GET', '/campaigns?limit=200')).items.length;
    for (const [key, body, status, pointer] of [
        ['nowhere', {}, 404, undefined],
        ['spring', { key: 'summer' }, 409, '/key'],
        ['spring', { key: 'spring' }, 409, '/key'],
        ['spring', { key: 'Not a key' }, 400, '/key'],
        ['spring', { key: 7 }, 400, '/key'],
        ['spring', { key: '' }, 400, '/key'],
        ['spring', { name: 7 }, 400, '/name'],
        ['spring', { name: 'x'.repeat(201) }, 400, '/name'],
        ['spring', { kind: 'rollout' }, 400, '/kind'],
        ['spring', { environment: 'x' }, 400, '/environment'],
    ]) {
        const reply = await copy(key, body);
        assert.deepEqual([reply.status, reply.body.pointer], [status, pointer], JSON.stringify(body).slice(0, 60));
    }
    await ok('POST', '/campaigns/spring/copy?dry_run=true', { key: 'dry' });
    assert.equal((await ok('GET', '/campaigns?limit=200')).items.length, before);
});

test('the command line makes one, too', async () => {
    const made = await folder.run(['copy', '--key', 'again', '--name', 'Again', 'spring']);
    assert.deepEqual([made.status, made.stdout], [0, 'again is a draft, a copy of spring\n'], made.stderr);
    assert.equal((await get('again')).name, 'Again');
    const json = JSON.parse((await folder.run(['copy', '--json', 'again'])).stdout);
    assert.deepEqual([json.key, json.name, json.status], ['again-copy', 'Copy of Again', 'draft']);
    for (const [args, status] of [
        [['nowhere'], 1],
        [['--key', 'again', 'spring'], 1],
        [['Not a key'], 2],
        [[], 2],
        [['--what', 'x', 'spring'], 2],
    ])
        assert.equal((await folder.run(['copy', ...args])).status, status, args.join(' '));
});
