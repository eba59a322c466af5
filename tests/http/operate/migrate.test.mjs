// SPDX-License-Identifier: GPL-3.0-or-later
// The schema by the command line: what was applied, for people and for machines, and the number of slices, which can
// be chosen until there is an event.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer, uuidv7 } from '../lib/harness.mjs';

const SLICES = 8;
const files = readdirSync(fileURLToPath(new URL('../../../sql/migrations', import.meta.url)))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.replace('.sql', ''))
    .sort();

let server, database;
before(async () => {
    server = await startServer();
    database = `${server.database}_empty`;
});
after(() => server?.stop());

/* Runs mete migrate on an empty database of its own, as often as there are lists of options. */
async function migrate(...runs) {
    const url = server.cluster.url('mete_owner', database);
    server.cluster.psql('postgres', `create database ${database}`);
    try {
        const said = [];
        for (const options of runs) said.push(await server.mete(['migrate', '--database', url, ...options]));
        const count = (table) => Number(server.cluster.psql(database, `select count(*) from ${table}`));
        return { said, slices: count('slice'), applied: count('schema_migration') };
    } finally {
        server.cluster.dropDatabase(database);
    }
}

test('for people: each migration, and then that nothing is left to do', async () => {
    const { said, slices, applied } = await migrate([], []);
    const names = [...said[0].matchAll(/^applied (\S+) in [\d.]+ s$/gm)].map((m) => m[1]);
    assert.deepEqual(names, files);
    assert.match(said[0], /^made functions, views and triggers in [\d.]+ s$/m);
    assert.equal(said[1], `the schema is up to date (this program knows ${files.length} migrations)\n`);
    assert.deepEqual([slices, applied], [SLICES, files.length]);
});

test('for machines', async () => {
    const { said } = await migrate(['--json'], ['--json']);
    const [first, second] = said.map((text) => JSON.parse(text));
    assert.equal(first.schema, files.length);
    assert.deepEqual(
        first.applied.slice(0, -1).map(({ number, name }) => `${String(number).padStart(4, '0')}_${name}`),
        files,
    );
    assert.ok(first.applied.every(({ took_us }) => Number.isInteger(took_us) && took_us >= 0));
    assert.deepEqual(second, { applied: [], schema: files.length });
});

test('slices are dealt out anew while there is nothing, and not by a check', async () => {
    const { slices } = await migrate(['--slices', '4'], ['--slices', '32'], ['--check', '--slices', '2']);
    assert.equal(slices, 32);
});

test('with events their number is fixed', async () => {
    const { status } = await server.events({ event_id: uuidv7(), visitor_id: 'v', name: 'page_view' });
    assert.equal(status, 202);
    assert.match(await server.mete(['migrate', '--slices', String(SLICES)]), /up to date/);
    await assert.rejects(server.mete(['migrate', '--slices', '16']), ({ code, stderr }) => {
        assert.equal(code, 1);
        return /the number of slices is fixed: events were stored already/.test(stderr);
    });
    await assert.rejects(server.mete(['migrate', '--slices', '0']), ({ code }) => code === 2);
});
