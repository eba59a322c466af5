// SPDX-License-Identifier: GPL-3.0-or-later
// Very many decisions: requests pipelined over a few kept connections, replies taken in order.
import net from 'node:net';

const CONNECTIONS = 4;
const AHEAD = 200;

/* Calls onReply(number, body) for each request 0 <= number < count; body(number) is its JSON. */
export async function decideMany(server, count, body, onReply) {
    const shares = Array.from({ length: CONNECTIONS }, (_, i) => i);
    await Promise.all(shares.map((share) => stream(server, share, count, body, onReply)));
}

function requestText(server, body) {
    const text = JSON.stringify(body);
    const { host } = new URL(server.edgeUrl);
    return (
        `POST /v1/decide HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${server.clientKey}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
    );
}

/* Takes whole replies off the front of a text; returns them and the rest. */
function takeReplies(text) {
    const bodies = [];
    for (;;) {
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return { bodies, rest: text };
        const head = text.slice(0, end);
        const length = Number(/^content-length: (\d+)/im.exec(head)[1]);
        if (text.length < end + 4 + length) return { bodies, rest: text };
        if (!head.startsWith('HTTP/1.1 200')) throw new Error(text.slice(0, end + 4 + length));
        bodies.push(JSON.parse(text.slice(end + 4, end + 4 + length)));
        text = text.slice(end + 4 + length);
    }
}

function stream(server, share, count, body, onReply) {
    const { hostname, port } = new URL(server.edgeUrl);
    const socket = net.connect({ host: hostname, port: Number(port) });
    let sent = share;
    let answered = share;
    let rest = '';
    const send = () => {
        let batch = '';
        for (; sent < count && sent < answered + AHEAD * CONNECTIONS; sent += CONNECTIONS) {
            batch += requestText(server, body(sent));
        }
        if (batch) socket.write(batch);
    };
    return new Promise((resolve, reject) => {
        const take = (chunk) => {
            const taken = takeReplies(rest + chunk);
            rest = taken.rest;
            for (const reply of taken.bodies) {
                onReply(answered, reply);
                answered += CONNECTIONS;
            }
            if (answered >= count) socket.end(resolve);
            else send();
        };
        socket.setEncoding('latin1');
        socket.on('error', reject);
        socket.on('close', () => reject(new Error(`closed after ${answered} of ${count}`)));
        socket.on('data', (chunk) => {
            try {
                take(chunk);
            } catch (error) {
                reject(error);
                socket.destroy();
            }
        });
        if (share >= count) socket.end(resolve);
        else send();
    });
}
