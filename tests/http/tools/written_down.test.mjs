// SPDX-License-Identifier: GPL-3.0-or-later
// Verbs that work on the database find it where tools/up wrote it down, when nothing else says which.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { CliFolder } from '../lib/cli.mjs';
import { startServer } from '../lib/harness.mjs';

const NOWHERE = 'postgresql:///x?host=/nowhere';
const [DONE, FAILED, MISUSED] = [0, 1, 2];
/* The harness says which database; here nothing does. */
const UNSAID = { METE_DATABASE_URL: '', METE_DATABASE_OWNER_URL: '', METE_DESK_URL: '', METE_DESK_PUBLIC_URL: '' };

let server;
let folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
    mkdirSync(folder.file('var'));
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

const written = (more = {}) => ({
    edge_url: server.edgeUrl,
    desk_url: 'https://desk.example',
    database_url: server.env.METE_DATABASE_URL,
    database_owner_url: server.env.METE_DATABASE_OWNER_URL ?? server.env.METE_DATABASE_URL,
    ...more,
});

/* [the verb, what the file says, what the environment says, how it ends, what it says] */
const WAYS = [
    [['login-link'], {}, {}, DONE, /^https:\/\/desk\.example\/login\//],
    [['login-link', '--desk', 'https://other.example'], {}, {}, DONE, /^https:\/\/other\.example\/login\//],
    [['login-link'], { desk_url: '' }, {}, DONE, /^http:\/\/127\.0\.0\.1:8401\/login\//],
    [['migrate', '--check'], {}, {}, DONE, /./],
    [['migrate'], {}, {}, DONE, /./],
    [['backup', 'file'], {}, {}, DONE, /\d+ rows in \d+ bytes/],
    [['rebuild'], {}, {}, DONE, /./],
    [['login-link'], {}, { METE_DATABASE_URL: NOWHERE }, FAILED, /\/nowhere/],
    [['rebuild'], {}, { METE_DATABASE_URL: NOWHERE }, FAILED, /\/nowhere/],
    [['migrate'], {}, { METE_DATABASE_OWNER_URL: NOWHERE }, FAILED, /\/nowhere/],
    [['backup', 'other'], {}, { METE_DATABASE_URL: NOWHERE }, FAILED, /\/nowhere/],
    [['login-link', '--database', NOWHERE], {}, {}, FAILED, /\/nowhere/],
    [['login-link'], { database_url: '' }, {}, MISUSED, /which database\?/],
    [['rebuild'], { database_url: 7 }, {}, MISUSED, /which database\?/],
    [['migrate'], { database_owner_url: null }, {}, MISUSED, /which database\?/],
    [['restore', 'file'], {}, {}, MISUSED, /which database\?/],
];

for (const [args, said, env, status, sentence] of WAYS)
    test(`mete ${args.join(' ')}, with ${JSON.stringify(said)} and ${JSON.stringify(env)}`, async () => {
        folder.write('var/credentials.json', written(said));
        const run = await folder.run(args, { ...UNSAID, ...env });
        assert.equal(run.status, status, run.stderr);
        assert.match(status === DONE ? run.stdout : run.stderr, sentence);
    });

test('a file that is none says nothing', async () => {
    folder.write('var/credentials.json', '{"database_url": ');
    const run = await folder.run(['login-link'], UNSAID);
    assert.equal(run.status, MISUSED, run.stderr);
});
