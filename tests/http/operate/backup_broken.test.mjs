// SPDX-License-Identifier: GPL-3.0-or-later
// A backup whose checksum is right and whose text is not: written by a program that errs, or by somebody who means
// harm. It is refused with a sentence, and no row of it stays.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { startServer } from '../lib/harness.mjs';

const SEAL_BYTES = 72;
const REFUSED = 3000;

let server, folder, text, copy;
before(async () => {
    server = await startServer();
    folder = mkdtempSync(join(tmpdir(), 'mete-broken-'));
    copy = `${server.database}_broken`;
    server.psql(`insert into rejected_event (reason, event) select 'r', '{}' from generate_series(1, ${REFUSED})`);
    await server.mete(['backup', join(folder, 'whole')]);
    const bytes = readFileSync(join(folder, 'whole'));
    text = gunzipSync(bytes.subarray(0, bytes.length - SEAL_BYTES)).toString();
});
after(async () => {
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
});

function seal(packed) {
    const sum = createHash('sha256').update(packed).digest('hex');
    writeFileSync(join(folder, 'sealed'), Buffer.concat([packed, Buffer.from(`sha256 ${sum}\n`)]));
}

/* What restoring says, into a database of its own, and how many rows are there then. */
async function restore() {
    server.cluster.psql('postgres', `create database ${copy}`);
    try {
        const env = { METE_DATABASE_OWNER_URL: server.cluster.url('mete_owner', copy) };
        const said = await server.mete(['restore', join(folder, 'sealed')], { env }).catch(({ stderr }) => stderr);
        const hasTable = server.cluster.psql(copy, "select to_regclass('rejected_event') is not null") === 't';
        return { said, rows: hasTable ? Number(server.cluster.psql(copy, 'select count(*) from rejected_event')) : 0 };
    } finally {
        server.cluster.dropDatabase(copy);
    }
}

test('sealed anew without a change, it is what it was', async () => {
    seal(gzipSync(text));
    const { said, rows } = await restore();
    assert.match(said, /^\d+ rows restored\n$/);
    assert.equal(rows, REFUSED);
});

const day = /\nday \S+\n/;
const table = /\ntable rejected_event (\S+)\n/;
// prettier-ignore
const changes = [
    ['the first line', /^mete backup 1\n/, 'mete dump 1\n', /it does not begin as one/],
    ['the version', /^mete backup 1\n/, 'mete backup 2\n', /was written by a newer mete/],
    ['a checksum', /(\nmigration 2 \S+) \w+\n/, '$1 0000\n', /2_event is not the one the backup was made under/],
    ['no end', /\nend\n$/, '\n', /it has no end/],
    ['a word', day, '\nhour 12\n', /it has a line of an unknown kind/],
    ['a day', day, '\nday 2026-13\n', /a day is none/],
    ['a day with more', day, "\nday 2026-10-01');drop\n", /a day is none/],
    ['a day of no month', day, '\nday 2026-13-01\n', /out of range/],
    ['a table\'s name', table, '\ntable rejected_event;drop $1\n', /a table has a strange name/],
    ['a column\'s name', table, '\ntable rejected_event id)from\n', /a table has a strange name/],
    ['a table of nobody', table, '\ntable nobody $1\n', /relation "nobody" does not exist/],
    ['the number of rows', new RegExp(`\nrows ${REFUSED}\n`), '\nrows 1\n', /another number of rows than it says/],
    ['a row', table, '\ntable rejected_event $1\nx\n', /invalid input syntax|missing data/],
    ['a table that does not end', /(\ntable rejected_event [^]*?\n)\\\.\n[^]*$/, '$1', /a table has no end/],
    ['a sequence', /\nsequence \S+/, '\nsequence nobody', /nobody/],
];
for (const [what, from, to, sentence] of changes) {
    test(`${what}: refused`, async () => {
        assert.match(text, from);
        seal(gzipSync(text.replace(from, to)));
        const { said, rows } = await restore();
        assert.match(said, sentence);
        assert.equal(rows, 0);
    });
}

// prettier-ignore
const packings = [
    ['cut off', (packed) => packed.subarray(0, packed.length >> 1), /ends too early/],
    ['spoilt', (packed) => Buffer.concat([packed.subarray(0, 400), Buffer.alloc(400, 0xff)]), /does not unpack/],
];
for (const [what, spoil, sentence] of packings) {
    test(`a stream that is ${what}: refused`, async () => {
        seal(spoil(gzipSync(text)));
        const { said, rows } = await restore();
        assert.match(said, sentence);
        assert.equal(rows, 0);
    });
}
