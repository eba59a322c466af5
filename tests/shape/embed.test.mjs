// SPDX-License-Identifier: GPL-3.0-or-later
// What sql/embed.py makes of small folders of SQL files, and what it refuses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { root } from './tree.mjs';

/* {status, stderr, read(name)} of a run on these files. */
function embed(files) {
    const folder = mkdtempSync(join(tmpdir(), 'mete-embed-'));
    try {
        for (const [path, text] of Object.entries(files)) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), text);
        }
        const args = [join(root, 'sql/embed.py'), folder, folder, '--depfile', join(folder, 'made.d')];
        const run = spawnSync('python3', [...args, '--target', 'queries.c'], { encoding: 'utf8' });
        const made = {};
        for (const name of ['queries.h', 'queries.c', 'migrations.h', 'migrations.c', 'made.d']) {
            made[name] = run.status === 0 ? readFileSync(join(folder, name), 'utf8') : undefined;
        }
        return { status: run.status, stderr: run.stderr, made };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function refused(files, pattern) {
    const { status, stderr } = embed(files);
    assert.equal(status, 1);
    assert.match(stderr, pattern);
}

const QUERY = '-- name: flag_read\n-- All of a flag. Primary key.\nselect 1;\n';

test('queries get numbers, text and groups', () => {
    const { made } = embed({
        'queries/area/flag.sql':
            `-- SPDX\n\n${QUERY}\n-- name: flag_add\n-- for: edge worker\n` +
            `-- One.\nselect '"\\',\n  -- kept\n  'é';\n`,
    });
    assert.match(made['queries.h'], /QUERY_FLAG_READ,\n {4}QUERY_FLAG_ADD,\n {4}QUERY_COUNT\n/);
    assert.match(made['queries.h'], /queries\[2\]/);
    assert.match(made['queries.c'], /"flag_read",\n {8}"select 1",\n {8}0,/);
    assert.match(made['queries.c'], /QUERY_FOR_EDGE \| QUERY_FOR_WORKER,/);
    assert.ok(made['queries.c'].includes(`"select '\\"\\\\',\\n"\n        "  -- kept\\n"\n        "  '\\303\\251'"`));
    assert.ok(!made['queries.c'].includes('Primary key'));
});

test('migrations keep their whole text and its checksum', () => {
    const { made } = embed({ 'migrations/0001_one.sql': 'select 1;\n', 'migrations/0002_two.sql': '' });
    const sha256 = createHash('sha256').update('select 1;\n').digest('hex');
    assert.match(made['migrations.h'], /#define MIGRATION_COUNT 2/);
    assert.ok(
        made['migrations.c'].includes(
            `1,\n        "one",\n        "select 1;\\n",\n        "${sha256}",\n        1,\n`,
        ),
    );
});

test('a migration says which programs may go on serving', () => {
    const one = { 'migrations/0001_one.sql': 'select 1;\n' };
    const { made } = embed({ ...one, 'migrations/0002_two.sql': '-- serves: 1\nselect 2;\n' });
    assert.match(made['migrations.c'], /"two",\n[^}]*,\n {8}1,\n {4}\}/);
    for (const line of [
        '-- serves: 2',
        '-- serves: 0',
        '-- serves: all',
        '--serves: 1',
        '-- serves: 1\n-- serves: 1',
    ]) {
        refused(
            { ...one, 'migrations/0002_two.sql': `${line}\nselect 2;\n` },
            /0002_two\.sql: one line '-- serves: N' with a number below 2/,
        );
    }
});

test('routines stand in the order in which they are made, under one checksum', () => {
    const files = {
        'views/a.sql': 'view',
        'triggers/a.sql': 'trigger',
        'functions/z/a.sql': 'z',
        'functions/b/c.sql': 'c',
    };
    const { made } = embed(files);
    const paths = [...made['migrations.c'].matchAll(/"((?:functions|views|triggers)\/[^"]+)"/g)].map(
        ([, path]) => path,
    );
    assert.deepEqual(paths, ['functions/b/c.sql', 'functions/z/a.sql', 'views/a.sql', 'triggers/a.sql']);
    const checksum = ({ made: m }) => /routines = \{files, 4, "([0-9a-f]{64})"\}/.exec(m['migrations.c'])[1];
    assert.notEqual(checksum({ made }), checksum(embed({ ...files, 'views/a.sql': 'view ' })));
    assert.match(made['made.d'], /\/functions\/z \S+\/functions\/z\/a\.sql/);
});

test('no files at all are fine', () => {
    const { status, made } = embed({});
    assert.equal(status, 0);
    assert.match(made['queries.h'], /enum query \{\n {4}QUERY_COUNT\n\}/);
    assert.match(made['migrations.h'], /MIGRATION_COUNT 0/);
});

test('the depfile names files and their folders', () => {
    const { made } = embed({ 'queries/area/flag.sql': QUERY });
    assert.match(made['made.d'], /^queries\.c: .*\/queries \S+\/queries\/area \S+\/queries\/area\/flag\.sql/);
});

test('a query name that stands twice', () => {
    refused(
        { 'queries/area/a.sql': QUERY, 'queries/area/b.sql': QUERY },
        /b\.sql:1: flag_read stands already at .*a\.sql:1/,
    );
});

test('queries that stand in no area', () => refused({ 'queries/a.sql': QUERY }, /a\.sql: .* stands in a folder/));

test('a query without a name', () => {
    refused({ 'queries/area/a.sql': '-- All.\nselect 1;\n' }, /a\.sql:2: a query without a line '-- name/);
});

test('a name without a query', () => {
    refused({ 'queries/area/a.sql': `-- name: nothing\n-- Nothing.\n${QUERY}` }, /nothing has no statement/);
});

test('a bad name', () => refused({ 'queries/area/a.sql': '-- name: Flag read\nselect 1;\n' }, /is no name/));

test('an unknown process', () => {
    refused({ 'queries/area/a.sql': '-- name: a\n-- for: edge cloud\nselect 1;\n' }, /a\.sql:2: 'cloud' is none of/);
});

test('a gap in the numbers of migrations', () => {
    refused({ 'migrations/0001_a.sql': '', 'migrations/0003_b.sql': '' }, /number 0002 should come here/);
});

test('two migrations of one number', () => {
    refused({ 'migrations/0001_a.sql': '', 'migrations/0001_b.sql': '' }, /number 0002 should come here/);
});

test('a migration without a number', () => {
    refused({ 'migrations/first.sql': '' }, /a migration is called NNNN_name\.sql/);
});
