// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every *.test.mjs of the folders given (or the files) with one PostgreSQL for all of them, one more at a time
// than there are cores: much of what they do is waiting. Where there is nothing to run, that is a failure.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { OwnedCluster } from './lib/cluster.mjs';

/* Those that take longest come first, so that none of them is the last and alone. */
const LONG =
    `access_log sign_in smuggling_proxy database connection hillstrom prove sdk_local supervisor tls spool kills
    shop kept shown sdk_broken editor story sdk_changes snapshot decide sdk_auto hostile inject`.split(/\s+/);

const placeOf = (name) => (LONG.indexOf(basename(name, '.test.mjs')) + LONG.length + 1) % (LONG.length + 1);
const byLength = (a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1);

const files = process.argv.slice(2).flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true }).filter((name) => name.endsWith('.test.mjs'));
    return names.sort(byLength).map((name) => join(path, name));
});
if (files.length === 0) throw new Error('there is no test in what was given');

const cluster = await OwnedCluster.start();
const atOnce = `--test-concurrency=${availableParallelism() + 1}`;
const runner = spawn(process.execPath, ['--test', atOnce, '--test-reporter=spec', ...files], {
    stdio: 'inherit',
    env: { ...process.env, METE_TEST_SOCKETS: cluster.socketFolder },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => runner.kill(signal));
const status = await new Promise((resolve) => runner.on('exit', (code) => resolve(code ?? 1)));
await cluster.stop();
process.exit(status);
