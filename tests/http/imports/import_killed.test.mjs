// SPDX-License-Identifier: GPL-3.0-or-later
// An import that is killed, at whichever of its requests, while it puts another in place: the same command goes on, and
// what stands at its end is the new file, whole and alone.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';
import { Imports } from '../lib/imports.mjs';

const FIRST = 'id,g,v\na1,a,10\na2,b,20\na3,a,30\n';
const CORRECTED = 'id,g,v\na1,a,10\na2,b,20\na3,a,31\n';
const REQUESTS_MOST = 40;

let server;
let imports;
let gates;
/* Kills at the n-th request: before the server has it, or once it has answered. */
const trap = { count: 0, at: Infinity, isBefore: false, kill: () => {} };

function pass(url) {
    return http.createServer((request, response) => {
        trap.count += 1;
        const isHit = trap.count === trap.at;
        if (isHit && trap.isBefore) {
            trap.kill();
            request.socket.destroy();
            return;
        }
        const { method, headers } = request;
        const onward = http.request(new URL(request.url, url), { method, headers }, (answer) => {
            if (isHit) trap.kill();
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        request.pipe(onward);
    });
}

before(async () => {
    server = await startServer();
    imports = new Imports(server);
    gates = [pass(server.edgeUrl), pass(server.deskUrl)];
    for (const gate of gates) await new Promise((resolve) => gate.listen(0, '127.0.0.1', resolve));
});
after(async () => {
    for (const gate of gates ?? []) gate.closeAllConnections();
    for (const gate of gates ?? []) gate.close();
    imports?.remove();
    await server?.stop();
});

function start(key) {
    const [METE_EDGE_URL, METE_DESK_URL] = gates.map((gate) => `http://127.0.0.1:${gate.address().port}`);
    imports.write(`${key}.csv`, CORRECTED);
    const args = ['import', '--mapping', 'mapping.json', '--json', '--replace', `${key}.csv`];
    return imports.start(args, { METE_EDGE_URL, METE_DESK_URL });
}

async function assertWhole(key) {
    assert.deepEqual(await imports.values(key), { a: 20.5, b: 20 }, key);
    const { items } = (await server.api('GET', '/imports')).body;
    const standing = items.filter((item) => item.campaign === key && item.state === 'done');
    assert.equal(standing.length, 1, JSON.stringify(items));
    assert.equal((await imports.campaign(key)).import, standing[0].id);
    assert.ok(!items.some((item) => item.campaign === key && item.state === 'sending'), JSON.stringify(items));
}

test('killed at each of its requests, the same command finishes it', async (t) => {
    let kills = 0;
    for (let at = 1; at <= REQUESTS_MOST; at += 1) {
        let isOver = false;
        for (const isBefore of [true, false]) {
            const key = `killed-${at}-${isBefore ? 'before' : 'after'}`;
            await imports.load(key, FIRST);
            const first = start(key);
            Object.assign(trap, { count: 0, at, isBefore, kill: () => first.child.kill('SIGKILL') });
            const { status, stderr } = await first.ended;
            trap.at = Infinity;
            isOver = status === 0;
            kills += status === 'SIGKILL';
            assert.ok(isOver || status === 'SIGKILL', `${key}: ${status} ${stderr}`);
            const again = await start(key).ended;
            assert.equal(again.status, 0, `${key}: ${again.stderr}`);
            await assertWhole(key);
        }
        if (isOver) break;
    }
    t.diagnostic(`killed ${kills} times`);
    assert.ok(kills >= 10, `${kills} requests`);
});
