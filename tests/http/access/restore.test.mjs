// SPDX-License-Identifier: GPL-3.0-or-later
// A backup opens no doors: sessions and links that were open then are gone, keys and passwords hold.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../lib/harness.mjs';

const PASSWORD = 'correct horse battery';
const CAMPAIGN = {
    key: 'shown',
    kind: 'experiment',
    variants: [
        { key: 'a', weight: 0.5, is_control: true },
        { key: 'b', weight: 0.5 },
    ],
    metrics: [{ key: 'conversion_rate' }],
};

test('a restored database knows people and keys, and no session or link, nor links to drafts', async () => {
    const server = await startServer();
    const folder = mkdtempSync(join(tmpdir(), 'mete-restore-'));
    const copy = `${server.database}_copy`;
    const open = (path) => server.desk.request('POST', path, undefined, { key: null });
    const asWho = (headers) => server.api('GET', '/session', undefined, { key: null, headers });
    try {
        const email = 'ann@shop.example';
        const { link, id } = (await server.api('POST', '/users', { email, role: 'viewer' })).body;
        const cookie = (await open(link)).headers['set-cookie'][0].split(';')[0];
        const headers = { cookie, origin: server.deskUrl };
        const changed = await server.api('PATCH', '/account', { password: PASSWORD }, { key: null, headers });
        assert.equal(changed.status, 204);
        const unused = (await server.api('POST', '/users', { email: 'eva@shop.example', role: 'admin' })).body.link;
        const fromTool = new URL(JSON.parse(await server.mete(['login-link', '--json'])).url).pathname;
        await server.api('POST', '/campaigns', CAMPAIGN);
        assert.equal((await server.api('POST', '/campaigns/shown/start')).status, 200);
        assert.equal((await server.api('POST', '/shares', { campaign: 'shown' })).status, 201);
        assert.equal((await asWho(headers)).status, 200);

        const variants = ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' }));
        await server.api('POST', '/campaigns', { key: 'c', name: 'C', kind: 'experiment', variants });
        const tokenOf = async () => (await server.api('POST', '/campaigns/c/previews')).body.links[0].token;
        const show = (token) => server.edge.request('POST', '/v1/preview', { token });
        const preview = await tokenOf();
        assert.equal((await show(preview)).status, 200);

        await server.mete(['backup', join(folder, 'b')]);
        server.cluster.psql('postgres', `create database ${copy}`);
        const owner = server.cluster.url('mete_owner', copy);
        await server.mete(['restore', join(folder, 'b')], { env: { METE_DATABASE_OWNER_URL: owner } });
        await server.shutDown();
        const original = server.database;
        server.env.METE_DATABASE_URL = server.cluster.url('mete_runtime', copy);
        server.database = copy;
        await server.spawn();
        await server.untilReady();
        server.cluster.dropDatabase(original);

        for (const table of ['session', 'login_link', 'share'])
            assert.equal(server.psql(`select count(*) from ${table}`), '0', table);
        assert.equal((await show(preview)).status, 403);
        assert.equal((await show(await tokenOf())).status, 200);
        assert.equal((await asWho(headers)).status, 401);
        for (const path of [link, unused, fromTool]) assert.equal((await open(path)).status, 401);
        assert.equal((await server.api('GET', `/users/${id}`)).body.email, email);
        const login = await server.api('POST', '/login', { email, password: PASSWORD }, { key: null });
        assert.equal(login.status, 204);
    } finally {
        await server.stop();
        rmSync(folder, { recursive: true });
    }
});
