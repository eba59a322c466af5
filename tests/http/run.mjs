// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every *.test.mjs of the folders given (or the files) with one PostgreSQL for all of them.
// Exit status 77 when there is nothing to run.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OwnedCluster } from './lib/cluster.mjs';

const files = process.argv.slice(2).flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true }).filter((name) => name.endsWith('.test.mjs'));
    return names.sort().map((name) => join(path, name));
});
if (files.length === 0) process.exit(77);

const cluster = await OwnedCluster.start();
const runner = spawn(process.execPath, ['--test', '--test-reporter=spec', ...files], {
    stdio: 'inherit',
    env: { ...process.env, METE_TEST_SOCKETS: cluster.socketFolder },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => runner.kill(signal));
const status = await new Promise((resolve) => runner.on('exit', (code) => resolve(code ?? 1)));
await cluster.stop();
process.exit(status);
