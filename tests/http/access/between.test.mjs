// SPDX-License-Identifier: GPL-3.0-or-later
// What held when a request's head came need not hold any more when its body has come: the key is looked up again.
// And what is left when nearly all was taken away.
import assert from 'node:assert/strict';
import net from 'node:net';
import test, { after, before } from 'node:test';
import { startServer, until, uuidv7 } from '../lib/harness.mjs';
import { isTaken } from '../lib/edges.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const BODIES = {
    '/v1/decide': { visitor_id: 'v' },
    '/v1/events': { events: [{ event_id: uuidv7(), visitor_id: 'v', name: 'page_view' }] },
};

for (const [path, body] of Object.entries(BODIES)) {
    test(`${path}: a key that is revoked before the body has come`, async () => {
        const { body: key } = await server.api('POST', '/keys', { kind: 'client' });
        const holds = async () => (await server.decide({ visitor_id: 'v' }, '', { key: key.token })).status === 200;
        await until(holds, 10_000, 'the edge to know the key');
        const bytes = JSON.stringify(body);
        const { hostname, port } = new URL(server.edgeUrl);
        const socket = net.connect(Number(port), hostname);
        let text = '';
        socket.setEncoding('utf8').on('data', (part) => (text += part));
        const head = `POST ${path} HTTP/1.1\r\nHost: mete\r\nAuthorization: Bearer ${key.token}\r\n`;
        socket.write(`${head}Content-Type: application/json\r\nContent-Length: ${bytes.length}\r\n\r\n{`);
        await until(() => socket.bytesWritten > 0 && isTaken(socket), 10_000, 'the edge to have read the head');
        assert.equal((await server.api('DELETE', `/keys/${key.id}`)).status, 204);
        await until(async () => !(await holds()), 10_000, 'the edge to have forgotten the key');
        assert.equal(text, '', 'it waits for the body');
        socket.write(bytes.slice(1));
        await until(() => /\r\n\r\n\{.*\}/s.test(text), 10_000, 'the answer');
        socket.destroy();
        assert.match(text, /^HTTP\/1\.1 401 .*the key is not known/s);
        assert.equal(server.psql('select count(*) from visitor_event'), '0');
    });
}

/* By the API; and as in a database that was restored from before it was there. */
const TAKEN = {
    tokyo: async () => assert.equal((await server.api('DELETE', '/environments/tokyo')).status, 204),
    osaka: async () =>
        server.psql("delete from snapshot using environment e where e.id = environment_id and e.key = 'osaka'"),
};
for (const [name, take] of Object.entries(TAKEN)) {
    test(`an environment that is gone is nothing that edges decide from: ${name}`, async () => {
        assert.equal((await server.api('POST', '/environments', { key: name })).status, 201);
        const { body } = await server.api('POST', `/keys?environment=${name}`, { kind: 'client' });
        const status = async () => (await server.decide({ visitor_id: 'v' }, '', { key: body.token })).status;
        await until(async () => (await status()) === 200, 10_000, 'the edge to know the key');
        await take();
        await until(async () => (await status()) === 401, 20_000, 'the edge to have forgotten it');
        assert.equal((await server.decide({ visitor_id: 'v' })).status, 200, 'and nothing else');
        assert.equal((await server.edge.request('GET', '/readyz')).status, 200);
    });
}

test('the last environment stays; a person without any is told so', async () => {
    assert.equal((await server.api('DELETE', '/environments/osaka')).status, 204);
    const last = await server.api('DELETE', '/environments/production');
    assert.deepEqual([last.status, last.body.detail], [409, 'this is the last environment']);
    const { body } = await server.api('POST', '/users', { email: 'ann@shop.example', role: 'admin' });
    const { headers } = await server.desk.request('POST', body.link, undefined, { key: null });
    const cookie = headers['set-cookie'][0].split(';')[0];
    server.psql('update environment set archived_at = now()');
    const none = await server.api('GET', '/flags', undefined, { key: null, headers: { cookie } });
    assert.equal(none.status, 409, none.text);
    assert.match(none.body.detail, /there is no environment yet, or none is open to you: mete init makes one/);
});
