// SPDX-License-Identifier: GPL-3.0-or-later
// A whole mete for a test file: its own database, its own processes, its own ports. Use:
//
//   const server = await startServer({ edges: 2 });
//   after(() => server.stop());
//
// stop() fails when the server did not leave cleanly or a sanitizer had something to say; when a
// test failed, the server's log is printed at the end.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.mjs';
import { findCluster } from './cluster.mjs';
import { forgetDescription, setDescription } from './described.mjs';
import { metedPath, metePath } from './paths.mjs';
import { deadline, until } from './wait.mjs';

export { raw, statuses, uuidv7 } from './client.mjs';
export { sharedFile } from './paths.mjs';
export { STRETCH, deadline, noonZone, until, withinOneDay } from './wait.mjs';

const COMPLAINT = /(Address|Leak|Memory|UndefinedBehavior)Sanitizer|runtime error:|^==\d+== \S/m;
const LOG_SHOWN = 200;
/* A machine that is busy sends no events to the spool, where tests would not find them at once: those that want them
   there say so. */
const SPOOL_AFTER_MS = '60000';

let clusterPromise;

/* Whether a port could be listened to; where it is kept, this process listens to it until it ends. */
function listens(host, port, isKept) {
    return new Promise((resolve) => {
        const probe = net.createServer();
        probe.once('error', () => resolve(false));
        probe.listen(port, host, () => (isKept ? resolve(Boolean(probe.unref())) : probe.close(() => resolve(true))));
    });
}

/* Below the range the kernel takes outgoing ports from, so that nobody is given it in between. Test files run side by
   side: whose the port is says the same one of another address, which this process keeps. */
export async function freePort() {
    for (;;) {
        const port = 12_000 + Math.floor(Math.random() * 20_000);
        if ((await listens('127.0.0.2', port, true)) && (await listens('127.0.0.1', port, false))) return port;
    }
}

/* settings: as in the server's settings table, by their keys. */
export async function startServer(settings = {}, cluster = undefined) {
    if (!cluster) clusterPromise ??= findCluster();
    const server = new Server(cluster ?? (await clusterPromise), settings);
    try {
        await server.create();
        await server.spawn();
        await server.init();
        await server.untilReady();
    } catch (error) {
        process.exitCode = 1;
        await server.kill();
        throw error;
    }
    return server;
}

/* Another machine on the database of 'first', with its keys. It is stopped before the first one is. */
export async function startBeside(first, settings = {}) {
    const server = new Server(first.cluster, settings, first.database);
    try {
        await server.create();
        await server.spawn();
        await server.join(first);
    } catch (error) {
        process.exitCode = 1;
        await server.kill();
        throw error;
    }
    return server;
}

/* Nobody listens yet, or the process that did has just gone. */
const UNREACHED = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT'];

export class Server {
    /* database: somebody else's; without it, one of its own. */
    constructor(cluster, settings, database = undefined) {
        this.cluster = cluster;
        this.settings = settings;
        this.isGuest = database !== undefined;
        this.database = database ?? `t_${randomBytes(6).toString('hex')}`;
        this.log = '';
        process.on('exit', (code) => this.#atExit(code));
    }

    async create() {
        if (!this.isGuest) this.cluster.createDatabase(this.database);
        this.stateFolder = mkdtempSync(join(tmpdir(), 'mete-state-'));
        const edge = `127.0.0.1:${await freePort()}`;
        const desk = `127.0.0.1:${await freePort()}`;
        this.edgeUrl = `${this.settings.edge_tls_certificate ? 'https' : 'http'}://${edge}`;
        this.deskUrl = `${this.settings.desk_tls_certificate ? 'https' : 'http'}://${desk}`;
        this.edge = new Client(this.edgeUrl);
        this.desk = new Client(this.deskUrl);
        this.env = {
            ...process.env,
            METE_DATABASE_URL: this.cluster.url('mete_runtime', this.database),
            METE_DATABASE_OWNER_URL: this.cluster.url('mete_owner', this.database),
            METE_EDGE_LISTEN: edge,
            METE_DESK_LISTEN: desk,
            METE_EDGE_URL: this.edgeUrl,
            METE_DESK_URL: this.deskUrl,
            METE_EDGES: '1',
            METE_STATE_DIR: this.stateFolder,
            METE_SPOOL_AFTER_MS: SPOOL_AFTER_MS,
        };
        for (const [key, value] of Object.entries(this.settings)) {
            this.env[`METE_${key.toUpperCase()}`] = String(typeof value === 'function' ? value(this) : value);
        }
    }

    /* Resolves when edge and desk both answer, ready or not: before there are keys, an edge is not. */
    async spawn() {
        const wrap = process.env.METE_WRAP?.split(' ') ?? [];
        const command = ['--pdeathsig', 'TERM', ...wrap, metedPath()];
        const options = { env: this.env, stdio: ['ignore', 'ignore', 'pipe'] };
        this.process = spawn('setpriv', command, options);
        this.process.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
        this.exited = new Promise((resolve) => {
            this.process.on('exit', (code, signal) => resolve(signal ?? code));
        });
        await this.#untilBoth('/livez');
    }

    untilReady() {
        return this.#untilBoth('/readyz');
    }

    /* Kills the supervisor; resolves when what it started is gone too, and holds no port. */
    async lose() {
        this.process.kill('SIGKILL');
        await this.exited;
        const isGone = (client) =>
            client.request('GET', '/livez', undefined, { key: null }).then(
                () => false,
                (error) => error.code === 'ECONNREFUSED',
            );
        await until(async () => (await isGone(this.edge)) && isGone(this.desk), 20_000, 'its processes to be gone');
    }

    async #untilBoth(path) {
        let last = 'nothing';
        const isFine = async (client) => {
            if (this.hasLeft()) throw new Error(`meted left at its start: ${this.log}`);
            const reply = await client.request('GET', path, undefined, { key: null }).catch((error) => {
                if (!UNREACHED.includes(error.code)) throw error;
                return { status: 0, text: error.message };
            });
            last = `${client.url.origin}: ${reply.status} ${reply.text}`;
            return reply.status === 200;
        };
        const what = () => `meted to answer ${path}; the last that came was ${last}`;
        await until(async () => (await isFine(this.edge)) && isFine(this.desk), 20_000, what);
    }

    /* First environment and keys. */
    async init() {
        const made = JSON.parse(await this.mete(['init', '--json']));
        this.clientKey = this.edge.key = made.client_key;
        this.secretKey = this.desk.key = this.env.METE_SECRET_KEY = made.secret_key;
        const isKnown = async () => (await this.decide({ visitor_id: 'harness' })).status === 200;
        await until(isKnown, 10_000, 'the edge to know the new key');
        await this.#readDescriptions();
    }

    async join(first) {
        this.clientKey = this.edge.key = first.clientKey;
        this.secretKey = this.desk.key = this.env.METE_SECRET_KEY = first.secretKey;
        await this.untilReady();
        await this.#readDescriptions();
    }

    /* From now on, all that the clients are answered is held against them. */
    async #readDescriptions() {
        setDescription(this.edgeUrl, await this.#descriptionBy(this.edge, '/v1/openapi.json'));
        setDescription(this.deskUrl, await this.#descriptionBy(this.desk, '/api/v1/openapi.json'));
    }

    /* A port that is not yet connected to PostgreSQL refuses for now. */
    async #descriptionBy(client, path) {
        let last;
        const isGiven = async () => (last = await client.request('GET', path)).status === 200;
        await until(isGiven, 20_000, () => `${path}; the last that came was ${last.status} ${last.text}`);
        return last.body;
    }

    decide(body, query = '', options = {}) {
        return this.edge.request('POST', `/v1/decide${query}`, body, options);
    }

    events(body, options = {}) {
        return this.edge.request('POST', '/v1/events', body, options);
    }

    /* The admin API: api('POST', '/campaigns', {…}) */
    api(method, path, body, options = {}) {
        return this.desk.request(method, `/api/v1${path}`, body, options);
    }

    /* Runs the command line tool; resolves with what it printed, rejects when it failed. */
    mete(args, { input, env } = {}) {
        return new Promise((resolve, reject) => {
            const options = { env: { ...this.env, ...env }, maxBuffer: 1 << 28 };
            const child = execFile(metePath(), args, options, (error, stdout, stderr) => {
                if (error) reject(Object.assign(error, { stdout, stderr }));
                else resolve(stdout);
            });
            child.stdin.end(input);
        });
    }

    psql(sql) {
        return this.cluster.psql(this.database, sql);
    }

    psqlAside(sql) {
        return this.cluster.psqlAside(this.database, sql);
    }

    /* The rows of a select, as objects. */
    rows(select) {
        return JSON.parse(this.psql(`select coalesce(json_agg(q), '[]') from (${select}) q`));
    }

    /* Who holds a table or waits for it, {pid, mode, granted}: of this database alone, since tables of
       other databases have the same numbers. */
    locksOf(table) {
        return this.rows(`select pid, mode, granted from pg_locks where relation = '${table}'::regclass
            and database = (select oid from pg_database where datname = current_database())`);
    }

    isWaitedFor(table) {
        return this.locksOf(table).some(({ granted }) => !granted);
    }

    /* Process ids: {supervisor, edges: […], desk, worker}; children by the title they give themselves. */
    pids() {
        const supervisor = this.process.pid;
        const found = { supervisor, edges: [], desk: undefined, worker: undefined };
        for (const child of childrenOf(supervisor)) {
            if (/^edge-/.test(child.title)) found.edges.push(child.pid);
            else if (child.title === 'desk') found.desk = child.pid;
            else if (child.title === 'worker') found.worker = child.pid;
        }
        return found;
    }

    /* The log's JSON lines, but one that has come in part. */
    logLines() {
        return this.log
            .split('\n')
            .slice(0, -1)
            .filter((line) => line.startsWith('{'))
            .map((line) => JSON.parse(line));
    }

    /* SIGTERM, and back again with the same database and ports. */
    async restart() {
        await this.shutDown();
        await this.spawn();
        await this.untilReady();
    }

    hasLeft() {
        return this.process.exitCode !== null || this.process.signalCode !== null;
    }

    /* Sends SIGTERM; resolves with the exit status. */
    async shutDown() {
        this.edge?.close();
        this.desk?.close();
        this.process.kill('SIGTERM');
        const timer = setTimeout(() => this.process.kill('SIGKILL'), deadline(20_000));
        const status = await this.exited;
        clearTimeout(timer);
        if (status !== 0) throw this.#failure(`meted left with ${status} on SIGTERM`);
        return status;
    }

    async stop() {
        if (!this.hasLeft()) await this.shutDown();
        await this.#clean();
        if (COMPLAINT.test(this.log)) throw this.#failure('the log holds a complaint about memory');
    }

    async kill() {
        this.process?.kill('SIGKILL');
        await this.exited;
        await this.#clean();
    }

    async #clean() {
        for (const url of [this.edgeUrl, this.deskUrl]) if (url) forgetDescription(url);
        this.edge?.close();
        this.desk?.close();
        if (!this.isGuest) this.cluster.dropDatabase(this.database);
        if (this.stateFolder) rmSync(this.stateFolder, { recursive: true, force: true });
    }

    #failure(sentence) {
        process.exitCode = 1;
        return new Error(sentence);
    }

    #atExit(code) {
        if (this.process && !this.hasLeft()) this.process.kill('SIGKILL');
        if (code === 0 || this.log === '') return;
        const tail = this.log.split('\n').slice(-LOG_SHOWN).join('\n');
        process.stderr.write(`--- log of meted (${this.database}), last lines ---\n${tail}\n`);
    }
}

/* Children of a process, with the names they show. */
export function childrenOf(parent) {
    const children = [];
    for (const entry of readdirSync('/proc')) {
        if (!/^\d+$/.test(entry)) continue;
        try {
            const status = readFileSync(`/proc/${entry}/status`, 'utf8');
            if (Number(/^PPid:\s+(\d+)/m.exec(status)[1]) !== parent) continue;
            children.push({ pid: Number(entry), title: /^Name:\s+(.*)/m.exec(status)[1] });
        } catch {
            continue;
        }
    }
    return children;
}
