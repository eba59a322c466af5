// SPDX-License-Identifier: GPL-3.0-or-later
// A PostgreSQL of one's own in a temporary folder: unix socket only, an unprivileged owner, gone
// afterwards. Holds the roles and a migrated template database that every test file copies.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metePath } from './paths.mjs';
import { until } from './wait.mjs';

const TEMPLATE = 'mete_template';

function postgresBin() {
    const root = '/usr/lib/postgresql';
    const versions = existsSync(root) ? readdirSync(root) : [];
    const found = versions
        .sort((a, b) => Number(b) - Number(a))
        .map((v) => join(root, v, 'bin'))
        .find((bin) => existsSync(join(bin, 'postgres')));
    if (!found) throw new Error('no PostgreSQL server is installed');
    return found;
}

/* PostgreSQL refuses to run as root: then it runs as the user its package made. */
function unprivileged() {
    if (process.getuid() !== 0) return {};
    const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    return { uid: id('-u'), gid: id('-g') };
}

export class Cluster {
    constructor(socketFolder) {
        this.socketFolder = socketFolder;
    }

    url(role, database) {
        return `postgresql://${role}@/${database}?host=${encodeURIComponent(this.socketFolder)}`;
    }

    /* psql on a database, as words: more arguments may follow. */
    psqlCommand(database, role = 'mete_owner') {
        const url = this.url(role, database);
        return [join(postgresBin(), 'psql'), '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url];
    }

    /* The text psql prints, without headers and alignment. */
    psql(database, sql, role = undefined) {
        const [program, ...args] = this.psqlCommand(database, role);
        const options = { input: sql, encoding: 'utf8', maxBuffer: 1 << 30, stdio: 'pipe' };
        return execFileSync(program, args, options).trimEnd();
    }

    /* The same, beside everything else: resolves when psql ends, however it ends. */
    psqlAside(database, sql) {
        const [program, ...args] = this.psqlCommand(database);
        return new Promise((resolve) => execFile(program, [...args, '-c', sql], resolve));
    }

    createDatabase(name) {
        this.psql('postgres', `create database ${name} template ${TEMPLATE} owner mete_owner`);
    }

    /* PostgreSQL waits five seconds for sessions that it ends, which is short where much else is going on. */
    dropDatabase(name, tries = 6) {
        try {
            this.psql('postgres', `drop database if exists ${name} with (force)`);
        } catch (error) {
            if (tries === 1 || !/is being accessed by other users/.test(error.stderr)) throw error;
            this.dropDatabase(name, tries - 1);
        }
    }
}

/* The cluster that run.mjs started for all files, or one for this process alone. */
export async function findCluster() {
    if (process.env.METE_TEST_SOCKETS) return new Cluster(process.env.METE_TEST_SOCKETS);
    const owned = await OwnedCluster.start();
    process.on('exit', () => owned.kill());
    /* Whoever is done may leave: PostgreSQL goes with it. */
    owned.process.unref();
    return owned;
}

export class OwnedCluster extends Cluster {
    /* Tests survive no power cut: they run without fsync. What measures speed asks for isDurable. */
    static async start({ isDurable = false, parent = tmpdir(), settings = {} } = {}) {
        const user = unprivileged();
        const folder = mkdtempSync(join(parent, 'mete-pg-'));
        if (user.uid) chownSync(folder, user.uid, user.gid);
        const cluster = new OwnedCluster(folder);
        cluster.user = user;
        cluster.isDurable = isDurable;
        cluster.settings = settings;
        try {
            await cluster.#boot();
        } catch (error) {
            cluster.kill();
            throw error;
        }
        return cluster;
    }

    async #boot() {
        execFileSync(
            join(postgresBin(), 'initdb'),
            [
                '-D',
                join(this.socketFolder, 'data'),
                '-U',
                'mete_owner',
                '-A',
                'trust',
                '-E',
                'UTF8',
                '--locale=C.UTF-8',
                '-N',
            ],
            { ...this.user, stdio: 'pipe', cwd: '/' },
        );
        await this.begin();
        this.psql(
            'postgres',
            `create role mete_runtime login; create role mete_analyst login;
                create database ${TEMPLATE}`,
        );
        execFileSync(metePath(), ['migrate'], {
            env: { ...process.env, METE_DATABASE_OWNER_URL: this.url('mete_owner', TEMPLATE) },
            stdio: ['ignore', 'ignore', 'inherit'],
        });
    }

    /* Resolves when it answers; after halt() too. */
    async begin() {
        const log = join(this.socketFolder, 'log');
        this.#spawn(log);
        await until(() => this.answers() || this.#fail(log), 60_000, 'PostgreSQL to answer');
    }

    /* Resolves when it is gone. SIGQUIT is what "immediate" means: no checkpoint, no farewell. */
    async halt(signal = 'SIGQUIT') {
        this.process.kill(signal);
        await until(() => this.#hasLeft(), 30_000, 'PostgreSQL to stop');
    }

    /* Dies with its parent, so that nothing is left when a run is killed. */
    #spawn(log) {
        const settings = {
            listen_addresses: '',
            unix_socket_directories: this.socketFolder,
            max_connections: 200,
            shared_buffers: '64MB',
            fsync: this.isDurable ? 'on' : 'off',
            timezone: 'UTC',
            ...this.settings,
        };
        const args = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
        const out = openSync(log, 'a');
        const command = [join(postgresBin(), 'postgres'), '-D', join(this.socketFolder, 'data'), ...args];
        this.process = spawn('setpriv', ['--pdeathsig', 'INT', ...command], {
            ...this.user,
            cwd: '/',
            stdio: ['ignore', out, out],
        });
        closeSync(out);
    }

    answers() {
        try {
            this.psql('postgres', 'select 1');
            return true;
        } catch {
            return false;
        }
    }

    #hasLeft() {
        return this.process.exitCode !== null || this.process.signalCode !== null;
    }

    #fail(log) {
        if (!this.#hasLeft()) return false;
        throw new Error(`PostgreSQL did not start:\n${readFileSync(log, 'utf8')}`);
    }

    /* To the server and its backends alike: SIGSTOP to the first alone would let the others work. */
    signalAll(signal) {
        const backends = execFileSync('pgrep', ['-P', String(this.process.pid)], { encoding: 'utf8' });
        for (const pid of [this.process.pid, ...backends.split('\n').filter(Boolean)]) {
            process.kill(Number(pid), signal);
        }
    }

    async stop() {
        await this.halt('SIGINT');
        this.kill();
    }

    kill() {
        this.process?.kill('SIGQUIT');
        rmSync(this.socketFolder, { recursive: true, force: true });
    }
}
