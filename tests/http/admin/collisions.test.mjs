// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign that starts, or is changed while it runs, says which running ones it touches the same flag, page and
// element as, and which layer would keep them apart; by the API and by the command line.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until } from '../lib/harness.mjs';

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    for (const key of ['cta', 'price', 'teaser']) await ok('POST', '/flags', { key, type: 'string', default: '' });
    for (const key of ['top', 'full']) await ok('POST', '/layers', { key });
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

async function ok(method, path, body) {
    const reply = await server.api(method, path, body);
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
    return reply.body;
}

const onPage = (...values) => ({ pages: values.map((value) => ({ match: 'wildcard', value })) });
const text = (selector) => ({ type: 'text', selector, value: 'Hi' });

/* An experiment whose treatment sets these flags and makes these changes. */
const draft = (key, { flags = {}, changes = [], ...more }) => ({
    key,
    name: `The ${key}`,
    kind: 'experiment',
    metrics: [{ key: 'conversion_rate', role: 'primary' }],
    variants: [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5, flags, changes },
    ],
    ...more,
});

const make = (key, more) => ok('POST', '/campaigns', draft(key, more));
const start = (key) => ok('POST', `/campaigns/${key}/start`);
const stop = (key) => ok('POST', `/campaigns/${key}/stop`);

const cta = { flags: { cta: 'x' } };
const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString();

const ROWS = [
    // what it is, what runs, what is started, what both touch
    ['the same flag', cta, cta, { flags: ['cta'] }],
    ['another flag', cta, { flags: { price: '1' } }, null],
    [
        'a flag on other pages',
        { ...cta, triggers: onPage('/a') },
        { ...cta, triggers: onPage('/b') },
        { flags: ['cta'] },
    ],
    [
        'two of three flags',
        { flags: { cta: 'x', price: '1' } },
        { flags: { price: '2', teaser: 't', cta: 'y' } },
        { flags: ['cta', 'price'] },
    ],
    [
        'the same element everywhere',
        { changes: [text('#buy')] },
        { changes: [text(' #buy ')] },
        { selectors: ['#buy'] },
    ],
    [
        'the same element on overlapping pages',
        { changes: [text('h1')], triggers: onPage('/p/*') },
        { changes: [text('h1')], triggers: onPage('*/sale') },
        { selectors: ['h1'] },
    ],
    [
        'the same element on other pages',
        { changes: [text('h1')], triggers: onPage('/a') },
        { changes: [text('h1')], triggers: onPage('/b', '/c') },
        null,
    ],
    ['another element', { changes: [text('h1')] }, { changes: [text('h2')] }, null],
    [
        'two inserts at one element',
        { changes: [{ type: 'insert', selector: 'h1', position: 'after', value: 'x' }] },
        { changes: [{ type: 'insert', selector: 'h1', position: 'after', value: 'y' }] },
        null,
    ],
    [
        'an insert and another text',
        { changes: [{ type: 'insert', selector: 'h1', position: 'after', value: 'x' }] },
        { changes: [text('h1')] },
        { selectors: ['h1'] },
    ],
    [
        'two banners on top',
        { changes: [{ type: 'banner', value: 'x' }] },
        { changes: [{ type: 'banner', value: 'y', place: 'top' }] },
        { places: ['banner_top'] },
    ],
    [
        'a banner on top and one below',
        { changes: [{ type: 'banner', value: 'x' }] },
        { changes: [{ type: 'banner', value: 'y', place: 'bottom' }] },
        null,
    ],
    [
        'two pop-ins',
        { changes: [{ type: 'popin', value: 'x' }] },
        { changes: [{ type: 'popin', value: 'y' }] },
        { places: ['popin'] },
    ],
    [
        'a redirect and what it leads away from',
        { changes: [{ type: 'redirect', url: '/new' }] },
        { changes: [text('h1')] },
        { places: ['redirect'] },
    ],
    [
        'audiences that share nobody',
        { ...cta, audience: { country: 'DE' } },
        { ...cta, audience: { country: { $in: ['FR', 'IT'] } } },
        null,
    ],
    [
        'audiences that may share somebody',
        { ...cta, audience: { country: 'DE' } },
        { ...cta, audience: { device: 'mobile' } },
        { flags: ['cta'] },
    ],
    [
        'the same layer',
        { ...cta, layer: { key: 'top', share: 0.5 } },
        { ...cta, layer: { key: 'top', share: 0.5 } },
        null,
    ],
    [
        'another layer',
        { ...cta, layer: { key: 'top', share: 0.6 } },
        { ...cta, layer: { key: 'full' } },
        { flags: ['cta'], layer: { key: 'top', free: 0.4 } },
    ],
    [
        'one in a layer',
        { ...cta, layer: { key: 'top', share: 0.75 } },
        cta,
        { flags: ['cta'], layer: { key: 'top', free: 0.25 } },
    ],
    [
        'schedules one after the other',
        { ...cta, schedule: { end: day(1) } },
        { ...cta, schedule: { start: day(2) } },
        null,
    ],
    [
        'schedules that overlap',
        { ...cta, schedule: { end: day(3) } },
        { ...cta, schedule: { start: day(2) } },
        { flags: ['cta'] },
    ],
    ['one of higher priority', { ...cta, priority: 5 }, cta, { flags: ['cta'] }],
    ['one of lower priority', cta, { ...cta, priority: 5 }, { flags: ['cta'], is_over: false }],
];

test('what collides, and what does not', async () => {
    for (const [index, [what, running, started, wanted]] of ROWS.entries()) {
        const [one, two] = [`a${index}`, `b${index}`];
        await make(one, running);
        await start(one);
        await make(two, started);
        const dry = await ok('POST', `/campaigns/${two}/start?dry_run=true`);
        const { collisions } = await start(two);
        assert.deepEqual(dry.collisions, collisions, what);
        const all = { flags: [], selectors: [], places: [], is_over: true, layer: null };
        const full = { campaign: one, name: `The ${one}`, status: 'running', ...all, ...wanted };
        assert.deepEqual(collisions, wanted ? [full] : [], what);
        await stop(one);
        await stop(two);
    }
});

test('who is said to be seen is who is seen', async () => {
    await make('high', { ...cta, priority: 1, forced: { eve: 'b' } });
    await start('high');
    await make('low', { flags: { cta: 'y' }, forced: { eve: 'b' } });
    const [row] = (await start('low')).collisions;
    assert.deepEqual([row.campaign, row.is_over], ['high', true]);
    const flags = async () =>
        (await server.edge.request('POST', '/v1/decide', { visitor_id: 'eve', attributes: {} })).body;
    await until(
        async () => (await flags()).decisions.some(({ campaign }) => campaign === 'low'),
        10_000,
        'both to run',
    );
    assert.equal((await flags()).flags.cta, 'x');
    await stop('high');
    await stop('low');
});

test('a paused one counts, a stopped one and a draft do not', async () => {
    await make('asleep', cta);
    await make('over', cta);
    await start('over');
    await stop('over');
    await make('paused', cta);
    await start('paused');
    await ok('POST', '/campaigns/paused/pause');
    await make('next', cta);
    const { collisions } = await ok('POST', '/campaigns/next/start?dry_run=true');
    assert.deepEqual(
        collisions.map(({ campaign, status }) => [campaign, status]),
        [['paused', 'paused']],
    );
    await stop('paused');
});

test('a change of what runs tells of it, in a dry run and in earnest; reading it does not', async () => {
    await make('live', cta);
    await start('live');
    await make('other', { flags: { price: '1' } });
    assert.deepEqual((await start('other')).collisions, []);
    const { variants } = draft('other', { flags: { price: '1', cta: 'z' } });
    const dry = await ok('PATCH', '/campaigns/other?dry_run=true', { variants });
    assert.deepEqual(dry.collisions[0].flags, ['cta']);
    const changed = await ok('PATCH', '/campaigns/other', { variants });
    assert.deepEqual(changed.collisions, dry.collisions);
    assert.equal((await ok('GET', '/campaigns/other')).collisions, undefined);
    assert.equal((await ok('GET', '/audit?limit=1')).items[0].after.collisions, undefined);
    await stop('live');
    await stop('other');
});

test('the command line warns, and a layer keeps them apart', async () => {
    await make('one', { ...cta, layer: { key: 'top', share: 0.5 } });
    await start('one');
    await make('two', cta);
    const warned = await folder.run(['start', '--check', 'two']);
    assert.deepEqual([warned.status, warned.stdout], [0, 'two can start\n']);
    const sentence =
        'warning: two and one (running) both touch flag cta; visitors of both see that of one. ' +
        'Layer top keeps them apart, 0.5 of it is free (--layer)\n';
    assert.equal(warned.stderr, sentence);
    const refused = await folder.run(['start', '--layer', 'top', 'two']);
    assert.equal(refused.status, 1, 'no room for all of it');
    const started = await folder.run(['start', '--layer', 'top', '--share', '0.5', '--json', 'two']);
    assert.equal(started.status, 0, started.stderr);
    const { status, layer, collisions } = JSON.parse(started.stdout);
    assert.deepEqual([status, layer, collisions], ['running', { key: 'top', share: 0.5 }, []]);
    for (const args of [['--check', '--layer', 'top', 'x'], [], ['--share', '2', 'x'], ['--nothing', 'x']])
        assert.equal((await folder.run(['start', ...args])).status, 2, args.join(' '));
    assert.equal((await folder.run(['start', 'nowhere'])).status, 1);
    assert.equal((await folder.run(['start', 'Not a key'])).status, 2);
});
