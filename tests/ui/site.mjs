// SPDX-License-Identifier: GPL-3.0-or-later
// A customer's site for the SDK's tests: pages of another origin than the edge, each what a test
// writes; and what arrives of their visitors.
import http from 'node:http';
import net from 'node:net';
import { newPage } from './browser.mjs';
import { until } from '../http/lib/harness.mjs';

export class Site {
    /* pages: {path: html | (request, response) => {html, headers}, or nothing when it has answered
     * itself}; {sdk} in a page becomes the snippet. */
    static async start(server, pages = {}) {
        const site = new Site();
        site.server = server;
        site.pages = pages;
        site.http = http.createServer((request, response) => site.#answer(request, response));
        await new Promise((resolve) => site.http.listen(0, '127.0.0.1', resolve));
        site.url = `http://localhost:${site.http.address().port}`;
        return site;
    }

    stop() {
        this.http.closeAllConnections();
        return new Promise((resolve) => this.http.close(resolve));
    }

    /* The line a site puts into its head; patient, for machines that are busy. */
    snippet(data = {}) {
        const attributes = Object.entries({ key: this.server.clientKey, timeout: 10_000, ...data }).map(
            ([name, value]) => ` data-${name}='${value}'`,
        );
        return `<script src="${this.server.edgeUrl}/sdk.js"${attributes.join('')}></script>`;
    }

    #answer(request, response) {
        const { pathname } = new URL(request.url, this.url);
        const page = this.pages[pathname] ?? this.pages['*'];
        if (page === undefined) {
            response.writeHead(404).end();
            return;
        }
        const made = typeof page === 'function' ? page(request, response) : { html: page };
        if (!made) return;
        const { html, headers = {} } = made;
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
        response.end(html.replace(/\{sdk\}/g, this.snippet()));
    }

    async open(browser, path = '/', options = {}) {
        const page = await newPage(browser, options);
        await page.goto(this.url + path);
        return page;
    }

    /* What the database holds, oldest first. */
    events(where = 'true') {
        return this.server.rows(
            `select event_id::text, visitor_id, name, properties
                from visitor_event where ${where} order by ts, event_id`,
        );
    }

    untilEvents(count, where = 'true') {
        return until(
            () => {
                const rows = this.events(where);
                return rows.length >= count && rows;
            },
            10_000,
            `${count} events where ${where}`,
        );
    }
}

/* A way to the edge that can be cut: nothing passes, and nothing tells the browser why. */
export class Line {
    static async start(server) {
        const line = new Line();
        line.to = new URL(server.edgeUrl);
        line.sockets = new Set();
        line.net = net.createServer((socket) => line.#pass(socket));
        await new Promise((resolve) => line.net.listen(0, '127.0.0.1', resolve));
        line.url = `http://127.0.0.1:${line.net.address().port}`;
        return line;
    }

    #pass(socket) {
        socket.on('error', () => {});
        if (this.isCut) {
            socket.destroy();
            return;
        }
        const other = net.connect(Number(this.to.port), this.to.hostname);
        this.sockets.add(socket);
        other.on('error', () => socket.destroy());
        socket.on('close', () => {
            this.sockets.delete(socket);
            other.destroy();
        });
        socket.pipe(other).pipe(socket);
    }

    cut() {
        this.isCut = true;
        for (const socket of this.sockets) socket.destroy();
    }

    mend() {
        this.isCut = false;
    }

    stop() {
        this.cut();
        return new Promise((resolve) => this.net.close(resolve));
    }
}

export const experiment = (changes, more = {}) => ({
    key: 'web',
    kind: 'experiment',
    variants: [
        { key: 'control', weight: 0.5, is_control: true },
        { key: 'new', weight: 0.5, changes },
    ],
    metrics: [{ key: 'conversion_rate', role: 'primary' }],
    ...more,
});

/* Makes a campaign, starts it, and waits until the edge serves it. */
export async function run(server, campaign) {
    const made = await server.api('POST', '/campaigns', campaign);
    if (made.status !== 201) throw new Error(made.text);
    const started = await server.api('POST', `/campaigns/${campaign.key}/start`, {});
    if (started.status !== 200) throw new Error(started.text);
    const isServed = async () => {
        const { body } = await server.decide({ visitor_id: 'v' });
        return body.decisions.some((decision) => decision.campaign === campaign.key);
    };
    await until(isServed, 10_000, `campaign ${campaign.key} on the edge`);
}

let visitors = 0;

/* A new visitor's id that gets the variant, by asking the edge. */
export async function visitorOf(server, campaign, variant, attributes = {}) {
    for (let tries = 0; tries < 1000; tries += 1) {
        visitors += 1;
        const id = `visitor-${visitors}`;
        const { body } = await server.decide({ visitor_id: id, campaigns: [campaign], attributes });
        if (body.decisions[0].variant === variant) return id;
    }
    throw new Error(`nobody gets ${variant} of ${campaign}`);
}

/* The visitor's cookie for a context: it has been here before. */
export const cookieOf = (site, id) => [{ name: 'mete_id', value: id, url: site.url }];
