// SPDX-License-Identifier: GPL-3.0-or-later
// A door before PostgreSQL's socket that can misbehave: cut a connection in the middle of an answer or
// of a question, delay, or hand over byte by byte.
import net from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const NAME = '.s.PGSQL.5432';

export class Proxy {
    #links = new Set();
    #lanes = new WeakMap();
    /* (chunk, isAnswer, link) => chunk to hand over, or undefined: nothing more, the connection is cut. */
    rule = undefined;
    isSlow = false;
    delayMs = 0;

    static async start(cluster) {
        const proxy = new Proxy();
        proxy.folder = mkdtempSync(join(tmpdir(), 'mete-proxy-'));
        proxy.server = net.createServer((near) => proxy.#accept(near, join(cluster.socketFolder, NAME)));
        await new Promise((resolve) => proxy.server.listen(join(proxy.folder, NAME), resolve));
        return proxy;
    }

    url(role, database) {
        return `postgresql://${role}@/${database}?host=${encodeURIComponent(this.folder)}`;
    }

    #accept(near, target) {
        const far = net.connect(target);
        const link = { near, far, isEdge: false };
        this.#links.add(link);
        for (const socket of [near, far]) {
            socket.on('error', () => this.#cut(link));
            socket.on('close', () => this.#cut(link));
        }
        near.once('data', (first) => (link.isEdge = first.includes('mete edge-')));
        near.on('data', (chunk) => this.#pass(link, chunk, false));
        far.on('data', (chunk) => this.#pass(link, chunk, true));
    }

    #pass(link, chunk, isAnswer) {
        const to = isAnswer ? link.near : link.far;
        const kept = this.rule && link.isEdge ? this.rule(chunk, isAnswer, link) : chunk;
        if (kept?.length) this.#hand(to, kept);
        if (kept?.length !== chunk.length) this.#cut(link);
    }

    /* In order: once something waits, what follows waits behind it. */
    #hand(to, bytes) {
        const before = this.#lanes.get(to);
        if (!before && !this.delayMs && !this.isSlow) to.write(bytes);
        else
            this.#lanes.set(
                to,
                Promise.resolve(before).then(() => this.#handSlowly(to, bytes)),
            );
    }

    async #handSlowly(to, bytes) {
        if (this.delayMs) await pause(this.delayMs);
        const step = this.isSlow ? Math.ceil(bytes.length / 50) : bytes.length;
        for (let at = 0; at < bytes.length && !to.destroyed; at += step) {
            to.write(bytes.subarray(at, at + step));
            if (this.isSlow) await pause(2);
        }
    }

    #cut(link) {
        this.#links.delete(link);
        link.near.destroy();
        link.far.destroy();
    }

    async stop() {
        for (const link of this.#links) this.#cut(link);
        await new Promise((resolve) => this.server.close(resolve));
        rmSync(this.folder, { recursive: true, force: true });
    }
}
