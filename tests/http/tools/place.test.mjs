// SPDX-License-Identifier: GPL-3.0-or-later
// Where tools/up keeps things when root runs it, and whose they are.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { metedPath } from '../lib/paths.mjs';

const LIB = fileURLToPath(new URL('../../../tools/lib/', import.meta.url));
const isRoot = process.getuid() === 0;

/* Runs a line of bash after the files that tools/up sources, in a tree of its own. */
function world() {
    const root = mkdtempSync(join(tmpdir(), 'mete-place-'));
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'tools'));
    cpSync(LIB, join(root, 'tools/lib'), { recursive: true });
    const run = (line) =>
        execFileSync('bash', ['-euc', `cd "$1"; . tools/lib/place.sh; . tools/lib/server.sh; ${line}`, 'bash', root], {
            encoding: 'utf8',
        }).trim();
    return { root, run, remove: () => rmSync(root, { recursive: true }) };
}

const STAT = 'stat -L -c "%U %a"';

test(
    'the server has a user of its own, and its folders and settings are for that user alone',
    {
        skip: !isRoot && 'only root has users to lend',
    },
    () => {
        const { root, run, remove } = world();
        try {
            run('make_var');
            for (const folder of ['pg', 'run', 'state', 'log']) {
                assert.equal(run(`${STAT} var/${folder}`), 'mete 700', folder);
            }
            assert.equal(run('as_server id -un'), 'mete');
            assert.match(run('getent passwd mete'), /:\/nonexistent:\/usr\/sbin\/nologin$/);
            run(`install -m 755 '${metedPath()}' var/bin/meted; make_conf`);
            assert.equal(run(`${STAT} var/meted.conf`), 'mete 600');
            assert.match(run('cat var/meted.conf'), /desk_listen/);

            run('chown root:root var/meted.conf; chmod 644 var/meted.conf; echo "edges = 3" >var/meted.conf');
            run('chown -R nobody var/pg var/state; make_var; make_conf');
            assert.equal(run(`${STAT} var/meted.conf`), 'mete 600', 'one of before is closed');
            assert.match(run('cat var/meted.conf'), /^edges = 3\nsealing_key = [0-9a-f]{64}$/, 'and kept');
            assert.equal(run(`${STAT} var/pg`), 'mete 700', 'what another user had is handed over');

            run('chown -R nobody var/pg; echo $PPID >var/pg/postmaster.pid; make_var');
            assert.equal(
                run('echo $PPID >var/pg/postmaster.pid; server_user'),
                'nobody',
                'a cluster that runs keeps its user',
            );
            assert.ok(existsSync(root));
        } finally {
            remove();
        }
    },
);
