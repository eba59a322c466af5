// SPDX-License-Identifier: GPL-3.0-or-later
// When sessions end by themselves: a week after they began, a day after they were last used.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startServer } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/* Options of requests by a session that was last seen, and ends, at these distances from now. */
function session(seen, until) {
    const token = randomBytes(32).toString('base64url');
    server.psql(`insert into session (token_sha256, user_id, agent, seen_at, expires_at)
        select '\\x${createHash('sha256').update(token).digest('hex')}', min(id), 'test',
            now() + interval '${seen}', now() + interval '${until}' from app_user`);
    return { key: null, headers: { cookie: `mete_session=${token}`, origin: server.deskUrl } };
}

const CASES = [
    ['0 s', '7 days', 200],
    ['-1 minute', '7 days', 200],
    ['-2 hours', '1 day', 200],
    ['-23 hours', '1 hour', 200],
    ['-1 day -1 minute', '6 days', 401],
    ['-25 hours', '1 hour', 401],
    ['-3 days', '4 days', 401],
    ['-6 days', '1 day', 401],
    ['0 s', '-1 second', 401],
    ['-1 minute', '-1 hour', 401],
    ['-8 days', '-1 day', 401],
];

for (const [seen, until, status] of CASES) {
    test(`last used ${seen}, ends ${until}: ${status}`, async () => {
        const options = session(seen, until);
        for (let i = 0; i < 2; i += 1)
            assert.equal((await server.api('GET', '/session', undefined, options)).status, status);
        const other = session('0 s', '1 day');
        const { items } = (await server.api('GET', '/sessions', undefined, other)).body;
        assert.equal(items.length, status === 200 ? 2 : 1, 'and it is listed no longer');
        server.psql('delete from session');
    });
}
