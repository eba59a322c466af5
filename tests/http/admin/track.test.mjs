// SPDX-License-Identifier: GPL-3.0-or-later
// An editor lets pages count a click or a form, so that a goal needs nobody else; all other settings stay an admin's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';

let server;
let editor;
before(async () => {
    server = await startServer();
    const reply = await server.api('POST', '/keys', { kind: 'secret', role: 'editor' });
    assert.equal(reply.status, 201, reply.text);
    editor = reply.body.token;
});
after(() => server?.stop());

const PATH = '/environments/production/track';
const track = (body, key = editor) => server.api('POST', PATH, body, { key });
const rows = async () => (await server.api('GET', '/environments/production')).body.tracking;

test('a row is added, once, and pages get it', async () => {
    for (const row of [
        { on: 'click', selector: '#buy', name: 'buy_click' },
        { on: 'submit', selector: 'form.newsletter', name: 'newsletter' },
        { selector: '#buy', name: 'buy_click' },
    ])
        assert.equal((await track(row)).status, 200);
    assert.deepEqual(await rows(), [
        { on: 'click', selector: '#buy', name: 'buy_click' },
        { on: 'submit', selector: 'form.newsletter', name: 'newsletter' },
    ]);
    const page = async () =>
        (await server.edge.request('POST', '/v1/decide?page=1', { visitor_id: 'v', attributes: {} })).text;
    await until(async () => (await page()).includes('buy_click'), 10_000, 'the page to be told');
    const [line] = (await server.api('GET', '/audit?limit=1')).body.items;
    assert.deepEqual([line.action, line.after.tracking.length], ['environment.track', 2]);
});

test('what is wrong is refused with its field', async () => {
    for (const [body, pointer] of [
        [{}, '/selector'],
        [{ selector: '#a' }, '/name'],
        [{ name: 'a' }, '/selector'],
        [{ selector: '', name: 'a' }, '/selector'],
        [{ selector: '#a', name: '' }, '/name'],
        [{ selector: 7, name: 'a' }, '/selector'],
        [{ selector: '#a', name: 'purchase' }, '/name'],
        [{ selector: '#a', name: 'exposure' }, '/name'],
        [{ selector: '#a', name: 'x'.repeat(65) }, '/name'],
        [{ selector: '#a', name: 'a', on: 'hover' }, '/on'],
        [{ selector: '#a', name: 'a', more: 1 }, '/more'],
        [{ selector: 'x'.repeat(1001), name: 'a' }, '/selector'],
    ]) {
        const reply = await track(body);
        assert.deepEqual([reply.status, reply.body.pointer], [400, pointer], JSON.stringify(body).slice(0, 60));
    }
    assert.equal((await rows()).length, 2);
});

test('a hundred are enough; an editor changes nothing else', async () => {
    for (let i = 2; i < 100; i += 1)
        assert.equal((await track({ selector: `#n${i}`, name: `n${i}` }, server.secretKey)).status, 200);
    assert.equal((await track({ selector: '#more', name: 'more' })).status, 409);
    assert.equal((await track({ selector: '#buy', name: 'buy_click' })).status, 200, 'it is there');
    const refused = await server.api('PATCH', '/environments/production', { tracking: [] }, { key: editor });
    assert.equal(refused.status, 403);
});
