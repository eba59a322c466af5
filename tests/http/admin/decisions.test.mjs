// SPDX-License-Identifier: GPL-3.0-or-later
// How a campaign ends: its winner is shipped to everybody in one transaction, or it is stopped, and what was concluded
// is kept beside it; by the API and by the command line.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer, until } from '../lib/harness.mjs';

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    await ok('POST', '/flags', { key: 'cta', type: 'string', default: 'Buy' });
    await ok('POST', '/layers', { key: 'top' });
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

const draft = (key, more = {}) => ({
    key,
    name: `The ${key}`,
    kind: 'experiment',
    priority: 7,
    audience: { country: 'DE' },
    variants: [
        { key: 'a', weight: 0.5, is_control: true, flags: { cta: 'Buy' } },
        { key: 'b', name: 'Now', weight: 0.5, flags: { cta: 'Buy now' } },
    ],
    metrics: [{ key: 'conversion_rate', role: 'primary' }],
    ...more,
});

async function start(key, more) {
    await ok('POST', '/campaigns', draft(key, more));
    await ok('POST', `/campaigns/${key}/start`);
}

const audit = async (resource) =>
    (await ok('GET', '/audit?limit=100')).items.filter((line) => line.resource === resource);

const decide = async (visitor_id, country) =>
    (await server.edge.request('POST', '/v1/decide', { visitor_id, attributes: { country } })).body;

test('shipping stops the experiment and gives the winner to everybody of its audience', async () => {
    await start('shop', { layer: { key: 'top', share: 0.5 }, coverage: 0.2, labels: ['spring'] });
    const shipped = await ok('POST', '/campaigns/shop/ship', { variant: 'b', learnings: 'Urgency sells.' });
    assert.deepEqual([shipped.status, shipped.rollout], ['stopped', 'shop-rollout']);
    assert.deepEqual(shipped.decision, { outcome: 'won', variant: 'b', learnings: 'Urgency sells.' });
    assert.ok(shipped.stopped_at && shipped.phases[0].ended_at);
    const rollout = await ok('GET', '/campaigns/shop-rollout');
    const { kind, status, coverage, layer, origin, name, priority, audience, labels } = rollout;
    assert.deepEqual(
        { kind, status, coverage, layer, origin, name, priority, audience, labels },
        {
            kind: 'rollout',
            status: 'running',
            coverage: 1,
            layer: null,
            origin: 'shop',
            name: 'The shop',
            priority: 7,
            audience: { country: 'DE' },
            labels: ['spring'],
        },
    );
    assert.deepEqual(
        rollout.variants.map(({ key, name, weight, flags }) => ({ key, name, weight, flags })),
        [{ key: 'b', name: 'Now', weight: 1, flags: { cta: 'Buy now' } }],
    );
    const layer_is_free = (await ok('GET', '/layers/top')).free;
    assert.ok(layer_is_free === undefined || layer_is_free === 1);
    await until(async () => (await decide('v-0', 'DE')).flags?.cta === 'Buy now', 'the rollout to reach the edge');
    for (let i = 1; i < 40; i += 1) {
        assert.equal((await decide(`v-${i}`, 'DE')).flags.cta, 'Buy now');
        assert.equal((await decide(`v-${i}`, 'FR')).flags.cta, 'Buy');
    }
});

test('the audit log has a line of each campaign, of the same moment', async () => {
    const [line] = await audit('shop');
    assert.deepEqual([line.action, line.before.status, line.after.status], ['campaign.ship', 'running', 'stopped']);
    const [made] = await audit('shop-rollout');
    assert.deepEqual([made.action, made.before, made.after.origin], ['campaign.create', null, 'shop']);
    assert.deepEqual([made.at, made.actor], [line.at, line.actor]);
});

test('what cannot be shipped is refused, and nothing has moved', async () => {
    await start('held');
    await ok('POST', '/campaigns', draft('asleep'));
    await ok('POST', '/campaigns', { ...draft('spread'), kind: 'rollout' });
    await ok('POST', '/campaigns/spread/start');
    const rows = [
        ['held', {}, 400, '/variant'],
        ['held', { variant: 'c' }, 400, '/variant'],
        ['held', { variant: 'a' }, 400, '/variant'],
        ['held', { variant: 7 }, 400, '/variant'],
        ['held', { variant: 'b', learnings: 7 }, 400, '/learnings'],
        ['held', { variant: 'b', learnings: 'x'.repeat(10_001) }, 400, '/learnings'],
        ['held', { variant: 'b', outcome: 'lost' }, 400, '/outcome'],
        ['asleep', { variant: 'b' }, 409, ''],
        ['spread', { variant: 'b' }, 409, ''],
        ['shop', { variant: 'b' }, 409, ''],
        ['nowhere', { variant: 'b' }, 404, ''],
    ];
    const before = (await ok('GET', '/campaigns?limit=100')).items;
    for (const [key, body, status, pointer] of rows) {
        const reply = await server.api('POST', `/campaigns/${key}/ship`, body);
        const got = [reply.status, reply.body.pointer ?? ''];
        assert.deepEqual(got, [status, pointer], `${key} ${JSON.stringify(body).slice(0, 80)}: ${reply.text}`);
    }
    assert.deepEqual((await ok('GET', '/campaigns?limit=100')).items, before);
});

test('a dry run says what would follow and changes nothing', async () => {
    const { body } = await server.api('POST', '/campaigns/held/ship?dry_run=true', { variant: 'b' });
    assert.equal(body.status, 'stopped');
    assert.equal((await ok('GET', '/campaigns/held')).status, 'running');
});

test('a stopped experiment is shipped later: its stop stays where it was, a taken key is passed by', async () => {
    await ok('POST', '/campaigns', { ...draft('held-rollout'), kind: 'rollout' });
    const stopped = await ok('POST', '/campaigns/held/stop');
    assert.equal(stopped.decision, null);
    const shipped = await ok('POST', '/campaigns/held/ship', { variant: 'b' });
    assert.equal(shipped.rollout, 'held-rollout-2');
    assert.equal(shipped.stopped_at, stopped.stopped_at);
});

test('a key that is as long as it may be leaves room for the rollout', async () => {
    const key = 'k'.repeat(64);
    await start(key);
    const { rollout } = await ok('POST', `/campaigns/${key}/ship`, { variant: 'b' });
    assert.match(rollout, /^campaign-\d+-rollout$/);
    assert.equal((await ok('GET', `/campaigns/${rollout}`)).origin, key);
});

test('a decision is told when a campaign stops, and written later', async () => {
    await start('told');
    const early = await server.api('PATCH', '/campaigns/told', { decision: { outcome: 'lost' } });
    assert.deepEqual([early.status, early.body.pointer], [409, '/decision']);
    const stopped = await ok('POST', '/campaigns/told/stop', {
        decision: { outcome: 'lost', learnings: 'Louder is not better.' },
    });
    assert.deepEqual(stopped.decision, { outcome: 'lost', variant: null, learnings: 'Louder is not better.' });
    const patched = await ok('PATCH', '/campaigns/told', { decision: { learnings: 'Quieter is.' } });
    assert.deepEqual(patched.decision, { outcome: 'lost', variant: null, learnings: 'Quieter is.' });
    assert.equal((await ok('PATCH', '/campaigns/told', { decision: null })).decision, null);
});

test('what was learnt at the stop stays where shipping tells nothing of it', async () => {
    const decision = { outcome: 'inconclusive', variant: null, learnings: 'Try a date.' };
    const ship = async (key, told) => {
        await start(key);
        await ok('POST', `/campaigns/${key}/stop`, { decision });
        return (await ok('POST', `/campaigns/${key}/ship`, { variant: 'b', ...told })).decision;
    };
    const kept = { outcome: 'won', variant: 'b', learnings: 'Try a date.' };
    assert.deepEqual(await ship('silent', {}), kept);
    assert.deepEqual(await ship('nulled', { learnings: null }), kept);
    assert.deepEqual(await ship('retold', { learnings: 'A date.' }), { ...kept, learnings: 'A date.' });
    assert.deepEqual(await ship('emptied', { learnings: '' }), { ...kept, learnings: '' });
});

test('a decision that cannot be is refused with its field', async () => {
    const rows = [
        [{ outcome: 'draw' }, '/decision/outcome'],
        [{}, '/decision/outcome'],
        [{ outcome: 'won' }, '/decision/variant'],
        [{ outcome: 'won', variant: 'a' }, '/decision/variant'],
        [{ outcome: 'won', variant: 'z' }, '/decision/variant'],
        [{ outcome: 'lost', variant: 'z' }, '/decision/variant'],
        [{ outcome: 'lost', learnings: ['x'] }, '/decision/learnings'],
        [{ outcome: 'lost', why: 'x' }, '/decision/why'],
        ['lost', '/decision'],
    ];
    await start('wrong');
    for (const [decision, pointer] of rows) {
        const stop = await server.api('POST', '/campaigns/wrong/stop', { decision });
        assert.deepEqual([stop.status, stop.body.pointer], [400, pointer], JSON.stringify(decision));
        const patch = await server.api('PATCH', '/campaigns/told', { decision });
        assert.deepEqual([patch.status, patch.body.pointer], [400, pointer], JSON.stringify(decision));
    }
    assert.equal((await ok('GET', '/campaigns/wrong')).status, 'running');
    const draft_of = await server.api('POST', '/campaigns', draft('new', { decision: { outcome: 'lost' } }));
    assert.deepEqual([draft_of.status, draft_of.body.pointer], [409, '/decision']);
});

test('the command line ships and concludes', async () => {
    await start('by_hand');
    const none = await folder.run(['ship', 'by_hand']);
    assert.equal(none.status, 1);
    assert.match(none.stderr, /name no winner/);
    const done = await folder.run(['ship', 'by_hand', '--variant', 'b', '--learnings', 'Now works.']);
    assert.deepEqual(
        [done.status, done.stdout],
        [0, 'by_hand is stopped, and b goes to everybody: by_hand-rollout runs\n'],
    );
    await start('by_word');
    const wrong = await folder.run(['conclude', 'by_word', '--outcome', 'draw']);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /must be .*\/decision\/outcome/);
    assert.equal((await folder.run(['conclude', 'by_word'])).status, 2);
    const said = await folder.run(['conclude', 'by_word', '--outcome', 'inconclusive', '--learnings', 'Too few.']);
    assert.deepEqual([said.status, said.stdout], [0, 'by_word is stopped: inconclusive\n']);
    const again = await folder.run(['conclude', 'by_word', '--outcome', 'lost', '--json']);
    assert.deepEqual(JSON.parse(again.stdout).decision, { outcome: 'lost', variant: null, learnings: 'Too few.' });
    const shipped = await folder.run(['ship', 'by_word', '--variant', 'b', '--json']);
    assert.deepEqual(JSON.parse(shipped.stdout).decision, { outcome: 'won', variant: 'b', learnings: 'Too few.' });
});

test('a standing says what a list needs; a baseline that is not there is refused', async () => {
    const standing = await ok('GET', '/campaigns/wrong/standing');
    assert.deepEqual([standing.campaign, standing.money, standing.attention], ['wrong', null, []]);
    assert.equal(standing.verdict.answer, 'not_enough');
    assert.equal((await server.api('GET', '/campaigns/nowhere/standing')).status, 404);
    assert.equal((await ok('GET', '/campaigns/wrong/results?baseline=b')).control, 'b');
    const refused = await server.api('GET', '/campaigns/wrong/results?baseline=z');
    assert.deepEqual([refused.status, refused.body.detail], [400, 'baseline: the phase has no variant z']);
});
