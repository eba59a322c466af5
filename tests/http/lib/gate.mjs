// SPDX-License-Identifier: GPL-3.0-or-later
// A door before the edge, for programs that send events: it passes requests on, refuses some, and leaves others
// without an answer.
import http from 'node:http';

/* Undefined: who sends was killed in the middle of it. */
async function bodyOf(request) {
    const chunks = [];
    try {
        for await (const chunk of request) chunks.push(chunk);
    } catch {
        return undefined;
    }
    return Buffer.concat(chunks).toString();
}

/* {url, passed, refused: how many, close()}. isRefused and isHeld are asked of each body. */
export async function startGate(server, { isRefused = () => false, isHeld = () => false }) {
    const gate = { passed: 0, refused: 0 };
    const listener = http.createServer(async (request, response) => {
        const body = await bodyOf(request);
        if (body === undefined) return;
        if (isHeld(body)) return;
        if (isRefused(body)) {
            gate.refused += 1;
            response.writeHead(503, { 'retry-after': '1' }).end();
            return;
        }
        const reply = await server.events(body, { key: server.secretKey });
        gate.passed += 1;
        response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.text);
    });
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    gate.url = `http://127.0.0.1:${listener.address().port}`;
    gate.close = () => {
        listener.closeAllConnections();
        listener.close();
    };
    return gate;
}
