// SPDX-License-Identifier: GPL-3.0-or-later
// What verbs print for people and for machines where nothing is there yet, and what they say of things that are in
// another state than is asked for.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';
import { CliFolder } from '../lib/cli.mjs';

let server, folder;
before(async () => {
    server = await startServer();
    folder = new CliFolder(server);
});
after(async () => {
    folder?.remove();
    await server?.stop();
});

test('a secret key is shown once, a link works once', async () => {
    const made = await server.mete(['init', '--new-key']);
    const [, key] = /^environment {2}production \(was there\)\nclient key {3}mck_\S+\nsecret key {3}(msk_\S+)\n/.exec(
        made,
    );
    assert.match(made, /shown this once/);
    assert.equal((await server.api('GET', '/campaigns', undefined, { key })).status, 200);
    assert.match(await server.mete(['init', '--environment', 'staging']), /^environment {2}staging \(new\)\n/);
    for (const [args, env, start] of [
        [['--desk', 'https://desk.example'], {}, 'https://desk.example/login/'],
        [[], { METE_DESK_PUBLIC_URL: 'https://public.example' }, 'https://public.example/login/'],
        [[], {}, `${server.deskUrl}/login/`],
        [[], { METE_DESK_URL: '' }, 'http://127.0.0.1:8401/login/'],
    ]) {
        const { stdout } = await folder.run(['login-link', ...args], { ...server.env, ...env });
        const [url, told] = stdout.split('\n');
        assert.ok(url.startsWith(start) && url.length === start.length + 43, url);
        assert.equal(told, 'works once, within an hour');
        const open = () => server.desk.request('POST', url.slice(url.indexOf('/login/')), undefined, { key: null });
        assert.deepEqual([(await open()).status, (await open()).status], [303, 401]);
    }
});

test('imports: none; one; and taken back', async () => {
    assert.equal(await server.mete(['imports']), 'no imports\n');
    assert.equal(await server.mete(['imports', '--json', '--environment', 'staging']), '[]\n');
    folder.write(
        'rows.csv',
        'who,arm,day,paid\n1,a,2024-01-01,5\n2,b,2024-01-02,7\n3,a,2024-01-02,0\n4,b,2024-01-02,0\n',
    );
    const key = JSON.parse(await server.mete(['init', '--new-key', '--json'])).secret_key;
    const options = '--campaign old --variant arm --control a --visitor who --time day --value paid'.split(' ');
    const run = await folder.run(['import', '--key', key, ...options, 'rows.csv']);
    assert.equal(run.status, 0, run.stderr);
    const [one] = JSON.parse(await server.mete(['imports', '--json']));
    assert.deepEqual([one.campaign, one.rows, one.file_name], ['old', 4, 'rows.csv']);
    assert.equal(await server.mete(['imports', '--environment', 'staging']), 'no imports\n');
    assert.match(await server.mete(['imports']), /^ *campaign +state +begun .*\n.*old .* rows\.csv\n$/);
    const gone = JSON.parse(await server.mete(['imports', '--json', '--undo', 'old']));
    assert.deepEqual(gone, { import: one.id, campaign: 'old', metrics: [] });
    const again = await folder.run(['imports', '--undo', 'old']);
    assert.equal(again.status, 1);
});

test('a campaign that does not run, that nothing was imported into, that there is not', async () => {
    const variants = ['a', 'b'].map((key) => ({ key, weight: 0.5, is_control: key === 'a' }));
    const body = { key: 'draft', name: 'Draft', kind: 'experiment', variants };
    assert.equal((await server.api('POST', '/campaigns', body)).status, 201);
    const draft = await folder.run(['simulate', '--campaign', 'draft']);
    assert.deepEqual([draft.status, draft.stderr], [1, 'mete simulate: the campaign "draft" is draft, not running\n']);
    const rebuild = await folder.run(['rebuild', '--database', server.env.METE_DATABASE_URL, '--campaign', 'nobody']);
    assert.deepEqual([rebuild.status, rebuild.stderr], [1, 'mete rebuild: there is no campaign "nobody"\n']);
    await assert.rejects(server.mete(['imports', '--undo', 'draft']), ({ stderr }) =>
        /no import made the campaign "draft"/.test(stderr),
    );
});

const RATE = '--rate 0.1 --uplift 0.1';
// prettier-ignore
const PLANS = [
    ['--mean 20 --sd 30 --difference 1', /^mean +20 -> 21 \(sd 30\), uplift \+5 %$/m, /^variants +2, each with 1\/2 /m],
    [`${RATE} --test group-sequential --looks 4`, /^test +group-sequential, 4 looks, 2-sided, .*; 1\.\d+ times the /m],
    [`${RATE} --test always-valid --variants 3`, /, confidence 95 % over all 2 comparisons; at most \d/],
    [`${RATE} --test always-valid`, /^Visitors until its call, on average at most\n +\+5 % +\d+\n +\+10 % +\d+$/m],
    [`${RATE} --daily 1000`, /^duration +\d+ days: run it for \d+ whole weeks$/m, /^Power by visitors$/m],
];
for (const [options, ...wanted] of PLANS)
    test(`mete plan ${options}`, async () => {
        const text = await server.mete(['plan', ...options.split(' ')]);
        for (const line of wanted) assert.match(text, line);
    });

test('a database of another schema is not rebuilt', async () => {
    server.psql('update schema_migration set sha256 = reverse(sha256) where number = 1');
    const { status, stderr } = await folder.run(['rebuild', '--database', server.env.METE_DATABASE_URL]);
    server.psql('update schema_migration set sha256 = reverse(sha256) where number = 1');
    assert.equal(status, 1);
    assert.match(stderr, /mete rebuild: migration 0001_\w+ is not the one that was applied/);
    await until(
        async () => (await server.edge.request('GET', '/readyz')).status === 200,
        10_000,
        'the server to go on',
    );
});
