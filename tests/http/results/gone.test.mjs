// SPDX-License-Identifier: GPL-3.0-or-later
// Readers of results who do not wait for them: the desk answers everybody else.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';

let server;

before(async () => {
    server = await startServer();
    const made = await server.api('POST', '/campaigns', {
        key: 'left',
        name: 'Left',
        kind: 'experiment',
        variants: ['a', 'b'].map((key, i) => ({ key, weight: 0.5, is_control: i === 0 })),
        metrics: [{ key: 'conversion_rate', role: 'primary' }],
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.api('POST', '/campaigns/left/start', {})).status, 200);
});
after(() => server?.stop());

/* Sends a request and is gone before anything can be answered. */
const askAndLeave = (head, body = '') =>
    new Promise((resolve, reject) => {
        const { hostname, port } = new URL(server.deskUrl);
        const socket = connect(Number(port), hostname, () => {
            socket.write(
                `${head}\r\nHost: x\r\nAuthorization: Bearer ${server.secretKey}\r\n` +
                    (body ? `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` : '') +
                    `\r\n${body}`,
                () => {
                    socket.destroy();
                },
            );
        });
        socket.on('close', resolve);
        socket.on('error', reject);
    });

test('results and plans whose readers have gone are thrown away', async () => {
    const { desk } = server.pids();
    const plan = JSON.stringify({ rate: 0.05, uplift: 0.02, test: 'group_sequential', looks: 10 });
    const asked = Array.from({ length: 60 }, (_, i) =>
        i % 2
            ? askAndLeave('GET /api/v1/campaigns/left/results?dimension=country HTTP/1.1')
            : askAndLeave('POST /api/v1/plan HTTP/1.1', plan),
    );
    await Promise.all(asked);
    const { status, body } = await server.api('GET', '/campaigns/left/results');
    assert.equal(status, 200);
    assert.equal(body.campaign, 'left');
    assert.equal(server.pids().desk, desk);
});

test('readers who stay are all answered, or told to come again', async () => {
    const replies = await Promise.all(
        Array.from({ length: 100 }, () =>
            fetch(`${server.deskUrl}/api/v1/campaigns/left/results`, {
                headers: { authorization: `Bearer ${server.secretKey}` },
            }).then(async (reply) => ({
                status: reply.status,
                retry: reply.headers.get('retry-after'),
                text: await reply.text(),
            })),
        ),
    );
    for (const { status, retry, text } of replies) {
        if (status === 200) assert.equal(JSON.parse(text).campaign, 'left');
        else assert.deepEqual([status, retry, JSON.parse(text).code], [503, '1', 'unavailable'], text);
    }
    assert.ok(replies.some(({ status }) => status === 200));
});
