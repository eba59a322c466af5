// SPDX-License-Identifier: GPL-3.0-or-later
// The command line tool against a server under test: run to the end, or started and killed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metePath } from './paths.mjs';

/* A folder of one's own in which files are made and the tool is run. */
export class CliFolder {
    constructor(server) {
        this.server = server;
        this.path = mkdtempSync(join(tmpdir(), 'mete-cli-'));
    }

    file(name) {
        return join(this.path, name);
    }

    write(name, content) {
        const isText = typeof content === 'string' || Buffer.isBuffer(content);
        writeFileSync(this.file(name), isText ? content : JSON.stringify(content));
        return name;
    }

    /* What an interrupted import left in the file given by --state, or undefined. */
    state(name) {
        return existsSync(this.file(name)) ? JSON.parse(readFileSync(this.file(name), 'utf8')) : undefined;
    }

    start(args, env = {}) {
        const { edgeUrl, deskUrl, secretKey } = this.server;
        const place = { METE_EDGE_URL: edgeUrl, METE_DESK_URL: deskUrl, METE_SECRET_KEY: secretKey };
        const child = spawn(metePath(), args, { cwd: this.path, env: { ...process.env, ...place, ...env } });
        const run = { child, stdout: '', stderr: '' };
        child.stdout.setEncoding('utf8').on('data', (text) => (run.stdout += text));
        child.stderr.setEncoding('utf8').on('data', (text) => (run.stderr += text));
        run.ended = new Promise((resolve) => {
            child.on('close', (status, signal) => resolve({ ...run, status: signal ?? status }));
        });
        return run;
    }

    /* Resolves with {status, stdout, stderr}, whatever the status. */
    run(args, env) {
        return this.start(args, env).ended;
    }

    remove() {
        rmSync(this.path, { recursive: true, force: true });
    }
}

export const close = (actual, wanted, digits) => Math.abs(actual - wanted) <= 0.5 * 10 ** -digits;
