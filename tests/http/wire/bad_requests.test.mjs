// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong requests of every kind: each gets its status and a sentence, where a field is at fault also its
// pointer; nothing of them is stored, and the same processes serve on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BAD_ENVELOPES, BAD_EVENTS, BAD_QUESTIONS, BROKEN_JSON, LARGE_JSON, SURROGATES } from '../lib/bad_bodies.mjs';
import { clientOfEach } from '../lib/edges.mjs';
import { raw, startServer, statuses, until, uuidv7 } from '../lib/harness.mjs';

const BODY_LIMIT = 262_144;

let server;
let pids;
let wrong = 0;
before(async () => {
    server = await startServer({ edges: 2 });
    await server.api('POST', '/campaigns', {
        key: 'bad',
        name: 'Bad',
        kind: 'experiment',
        metrics: [{ key: 'conversion_rate' }],
        variants: [
            { key: 'a', weight: 0.5, is_control: true },
            { key: 'b', weight: 0.5, is_control: false },
        ],
    });
    assert.equal((await server.api('POST', '/campaigns/bad/start', {})).status, 200);
    for (const edge of await clientOfEach(server)) {
        const decisions = async () => (await edge.request('POST', '/v1/decide', { visitor_id: 'v' })).body.decisions;
        await until(async () => (await decisions()).length === 1, 10_000, 'the campaign on each edge');
        edge.close();
    }
    pids = server.pids();
});
after(() => server?.stop());

function checkProblem(reply, status, pointer) {
    wrong += 1;
    assert.equal(reply.status, status, reply.text);
    assert.match(reply.headers['content-type'], /^application\/problem\+json/);
    assert.equal(reply.body.status, status);
    assert.equal(reply.body.type, 'about:blank');
    assert.ok(reply.body.detail.length > 10, reply.text);
    assert.ok(reply.body.title.length > 4 && /^[a-z_]+$/.test(reply.body.code), reply.text);
    if (pointer !== undefined) assert.equal(reply.body.pointer, pointer, reply.text);
}

for (const path of ['/v1/decide', '/v1/events']) {
    for (const [name, body] of BROKEN_JSON) {
        test(`${path}: ${name}`, async () => {
            checkProblem(await server.edge.request('POST', path, body), 400, '');
        });
    }
    for (const [name, body] of LARGE_JSON) {
        test(`${path}: ${name}`, async () => {
            checkProblem(await server.edge.request('POST', path, body), 413);
        });
    }
}

test('the desk refuses the same texts', async () => {
    for (const [, body] of BROKEN_JSON.filter(([, text]) => text.length > 0)) {
        const reply = await server.api('POST', '/flags', body);
        checkProblem(reply, 400);
    }
});

for (const [name, body, pointer] of BAD_QUESTIONS) {
    test(`decide: ${name}`, async () => checkProblem(await server.decide(body), 400, pointer));
}

for (const [name, status, body, pointer] of BAD_ENVELOPES) {
    test(`events: ${name}`, async () => checkProblem(await server.events(body), status, pointer));
}

const rejectedOnly = ({ status, body, text }, index, pointer) => {
    wrong += 1;
    assert.equal(status, 202, text);
    assert.deepEqual(
        body.rejected.map(({ index: i, pointer: p }) => [i, p]),
        [[index, pointer]],
        text,
    );
    assert.ok(body.rejected[0].detail.length > 5, text);
};

const good = () => ({ event_id: uuidv7(), visitor_id: 'good', name: 'page_view' });

for (const [name, event, pointer] of BAD_EVENTS) {
    test(`an event: ${name}`, async () => {
        const reply = await server.events({ events: [good(), event, good()] });
        rejectedOnly(reply, 1, `/events/1${pointer}`);
        assert.equal(reply.body.accepted, 2);
        if (event && !Array.isArray(event) && typeof event === 'object') {
            const alone = await server.events(event);
            rejectedOnly(alone, 0, pointer);
            assert.equal(alone.body.accepted, 0);
        }
    });
}

for (const [name, text, pointer] of SURROGATES) {
    test(`a lone surrogate ${name} of an event`, async () => {
        rejectedOnly(await server.events(text), 0, pointer);
    });
}

test('a lone surrogate in a property is repaired, not refused', async () => {
    const event = { ...good(), visitor_id: 'surrogate', properties: { text: 'a?b', nice: '\u{1f600}' } };
    const reply = await server.events(JSON.stringify(event).replace('a?b', 'a\\ud83db'));
    assert.deepEqual(reply.body, { accepted: 1, duplicate: 0, rejected: [] });
    const [{ properties }] = server.rows("select properties from visitor_event where visitor_id = 'surrogate'");
    assert.deepEqual(properties, { text: 'a\ufffdb', nice: '\u{1f600}' });
});

test('the desk refuses a number beyond a double', async () => {
    checkProblem(await server.api('POST', '/flags', '{"key":"k","type":"number","default":1e400}'), 400, '');
});

const METHODS = [
    ['GET', '/v1/decide', 'POST'],
    ['PUT', '/v1/decide', 'POST'],
    ['DELETE', '/v1/events', 'POST'],
    ['PATCH', '/v1/events', 'POST'],
    ['HEAD', '/v1/events', 'POST'],
    ['POST', '/livez', 'GET'],
    ['DELETE', '/readyz', 'GET'],
    ['PUT', '/readyz', 'GET'],
];
for (const [method, path, allowed] of METHODS) {
    test(`${method} ${path}`, async () => {
        const reply = await server.edge.request(method, path);
        assert.equal(reply.status, 405);
        assert.ok(reply.headers.allow.split(', ').includes(allowed), reply.headers.allow);
        if (method !== 'HEAD') checkProblem(reply, 405);
    });
}

for (const path of [
    '/',
    '/v1',
    '/v1/',
    '/v1/decide/',
    '/v1/decide/x',
    '//v1/decide',
    '/V1/decide',
    '/v1/events%2f',
    '/api/v1/flags',
    '/v1/%64ecide%',
]) {
    test(`no such path: ${path}`, async () => checkProblem(await server.edge.request('POST', path, {}), 404));
}

const question = { visitor_id: 'v' };
const KEYS = [
    ['no key', {}, 401],
    ['an empty key', { authorization: 'Bearer ' }, 401],
    ['an unknown key', { authorization: 'Bearer mck_nobody' }, 401],
    ['another scheme', { authorization: 'Basic bWV0ZTptZXRl' }, 401],
    ['a key without scheme', () => ({ authorization: server.clientKey }), 401],
    ['two keys', () => ({ authorization: `Bearer ${server.clientKey}, Bearer ${server.clientKey}` }), 401],
    ['a key and more', () => ({ authorization: `Bearer ${server.clientKey}x` }), 401],
    ['an unknown key in its own header', { 'x-mete-key': 'mck_nobody' }, 401],
];
for (const [name, headers, status] of KEYS) {
    test(name, async () => {
        const given = typeof headers === 'function' ? headers() : headers;
        for (const path of ['/v1/decide', '/v1/events']) {
            const reply = await server.edge.request('POST', path, question, { key: null, headers: given });
            checkProblem(reply, status);
            assert.equal(reply.headers['www-authenticate'], 'Bearer');
        }
    });
}

test('keys in the query', async () => {
    const ask = (query) => server.edge.request('POST', `/v1/events${query}`, {}, { key: null });
    checkProblem(await ask('?key='), 401);
    checkProblem(await ask('?Key=x'), 401);
    checkProblem(await ask('?key=mck_nobody'), 401);
    checkProblem(await ask('?key=%'), 400);
    checkProblem(await ask('?key=%zz'), 400);
    checkProblem(await ask('?key=a%00'), 400);
    checkProblem(await ask('?key=%ff'), 400);
    checkProblem(await ask(`?key=${server.secretKey}`), 403);
    checkProblem(await server.decide(question, '?explain=%'), 400);
    assert.equal((await ask(`?key=${server.clientKey}`)).status, 202);
    const escaped = [...server.clientKey].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
    assert.equal((await ask(`?a=1&key=${escaped}`)).status, 202);
});

test('a revoked key', async () => {
    const made = await server.api('POST', '/keys', { name: 'gone', kind: 'client' });
    const { token, id } = made.body;
    const ask = () => server.decide(question, '', { key: token });
    await until(async () => (await ask()).status === 200, 5_000, 'the new key');
    assert.equal((await server.api('DELETE', `/keys/${id}`)).status, 204);
    await until(async () => (await ask()).status === 401, 5_000, 'the key to be gone');
    for (let inRow = 0; inRow < 5; inRow = (await ask()).status === 401 ? inRow + 1 : 0);
    checkProblem(await ask(), 401);
});

test('keys at the desk', async () => {
    checkProblem(await server.api('GET', '/flags', undefined, { key: null }), 401);
    checkProblem(await server.api('GET', '/flags', undefined, { key: 'msk_nobody' }), 401);
    const { status, body } = await server.api('GET', '/flags', undefined, { key: server.clientKey });
    assert.ok(status === 401 || status === 403, `${status}`);
    assert.ok(body.detail.length > 10);
});

for (const type of [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'text/html',
    'json',
]) {
    test(`the type ${type}`, async () => {
        for (const path of ['/v1/decide', '/v1/events']) {
            checkProblem(await server.edge.request('POST', path, question, { type }), 415);
        }
    });
}

const lines = (...head) => [...head, '', ''].join('\r\n');
const post = (...head) => lines('POST /v1/events HTTP/1.1', 'Host: h', `X-Mete-Key: ${server.clientKey}`, ...head);

async function checkRaw(bytes, status) {
    wrong += 1;
    const text = await raw(server.edgeUrl, bytes);
    assert.deepEqual(statuses(text), [status], text.slice(0, 500));
    assert.match(text, /^Content-Type: application\/problem\+json/m);
    assert.match(text, /"detail":".{10,}"/);
}

test('a body that is too large', async () => {
    const large = `{"pad":"${'x'.repeat(BODY_LIMIT)}"}`;
    for (const path of ['/v1/decide', '/v1/events']) {
        const reply = await server.edge.request('POST', path, large, { headers: { connection: 'close' } });
        checkProblem(reply, 413);
    }
    await checkRaw(post('Content-Length: 262145'), 413);
    await checkRaw(post('Content-Length: 999999999999'), 413);
    await checkRaw(post('Content-Length: 99999999999999999999'), 400);
});

test('a chunked body that is too large', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    await checkRaw(post('Transfer-Encoding: chunked') + chunk.repeat(5), 413);
});

test('a broken chunked body', async () => {
    for (const body of [
        'x\r\n',
        '-1\r\n',
        '5\r\nabcdefg\r\n',
        '5 \r\nabcde\r\n0\r\n\r\n',
        '5\nabcde\r\n0\r\n\r\n',
        '0x5\r\nabcde\r\n0\r\n\r\n',
    ]) {
        await checkRaw(`${post('Transfer-Encoding: chunked')}${body}`, 400);
    }
});

test('a body of exactly the limit is read', async () => {
    const empty = JSON.stringify({ events: [], pad: '' }).length;
    assert.equal((await server.events({ events: [], pad: 'x'.repeat(BODY_LIMIT - empty) })).status, 202);
});

test('a head that is too large', async () => {
    await checkRaw(lines('GET /livez HTTP/1.1', 'Host: h', `X: ${'x'.repeat(17_000)}`), 431);
    await checkRaw(lines(`GET /livez?${'x'.repeat(17_000)} HTTP/1.1`, 'Host: h'), 431);
    await checkRaw(lines('GET /livez HTTP/1.1', 'Host: h', ...Array(500).fill('X: y')), 431);
});

const HEADS = [
    ['no request line', 'hello', 400],
    ['no target', 'GET HTTP/1.1', 400],
    ['no version', 'GET /livez', 400],
    ['HTTP/0.9', 'GET /livez HTTP/0.9', 505],
    ['HTTP/1.2', 'GET /livez HTTP/1.2', 505],
    ['another protocol', 'GET /livez FTP/1.1', 400],
    ['a method nobody knows', 'STEAL /livez HTTP/1.1', 501],
    ['a method in small letters', 'get /livez HTTP/1.1', 501],
    ['a target without slash', 'GET livez HTTP/1.1', 400],
    ['a space in the target', 'GET /live z HTTP/1.1', 400],
    ['a tab for a space', 'GET\t/livez\tHTTP/1.1', 400],
    ['a control character in the target', 'GET /live\x01z HTTP/1.1', 400],
];
for (const [name, line, status] of HEADS) {
    test(`a head: ${name}`, async () => checkRaw(Buffer.from(lines(line, 'Host: h'), 'latin1'), status));
}

const FIELDS = [
    ['no colon', 'X y'],
    ['an empty name', ': y'],
    ['a space before the colon', 'X : y'],
    ['a space in the name', 'X Z: y'],
    ['a folded line', 'X: y\r\n z'],
    ['a bare CR', 'X: y\rz'],
    ['a bare LF', 'X: y\nZ: z'],
    ['a NUL', 'X: \0'],
    ['a second Host', 'Host: i'],
    ['a second Content-Length', 'Content-Length: 3\r\nContent-Length: 4'],
    ['a length with a sign', 'Content-Length: -1'],
    ['a length in hexadecimal', 'Content-Length: 0x3'],
    ['an empty length', 'Content-Length:'],
    ['length and coding', 'Content-Length: 3\r\nTransfer-Encoding: chunked'],
    ['a length with GET', 'Content-Length: 3'],
    ['chunks with GET', 'Transfer-Encoding: chunked'],
];
for (const [name, field] of FIELDS) {
    test(`a header: ${name}`, async () => {
        const bytes = lines('GET /livez HTTP/1.1', 'Host: h', field) + lines('GET /readyz HTTP/1.1', 'Host: h');
        await checkRaw(Buffer.from(bytes, 'latin1'), 400);
    });
}

test('a request that stops in the middle stores nothing', async () => {
    const body = JSON.stringify({ ...good(), visitor_id: 'half' });
    const head = post('Content-Type: application/json', `Content-Length: ${body.length}`);
    const { hostname, port } = new URL(server.edgeUrl);
    const net = await import('node:net');
    const socket = net.connect(Number(port), hostname);
    await new Promise((resolve) => socket.end(head + body.slice(0, -1), resolve));
    let text = '';
    for await (const chunk of socket) text += chunk;
    assert.deepEqual(statuses(text), [400], text);
});

test('after all of it: the same processes, nothing stored but what was accepted', async () => {
    assert.ok(wrong > 300, `${wrong} wrong requests`);
    assert.deepEqual(server.pids(), pids);
    const visitors = server
        .rows('select distinct visitor_id from visitor_event order by 1')
        .map((row) => row.visitor_id);
    assert.deepEqual(visitors, ['good', 'surrogate']);
    const sample = () => server.rows('select detail, count(*)::int as count from rejected_event group by 1');
    await until(() => sample().length > 20, 10_000, 'a sample of what was refused');
    const kept = sample();
    assert.ok(
        kept.length > 20 && kept.length <= 2 * BAD_EVENTS.length,
        `a sample of what was refused: ${kept.length} sentences`,
    );
    for (const { detail } of kept) assert.match(detail, /^(\/\w+[/\w]*: )?\S/);
    assert.equal(
        server.psql("select count(*) from visitor_event where visitor_id = 'good'"),
        String(2 * BAD_EVENTS.length),
    );
    assert.equal((await server.decide(question)).status, 200);
    assert.equal((await server.events(good())).body.accepted, 1);
    assert.ok(!server.logLines().some(({ level }) => level === 'error'), server.log);
});
