// SPDX-License-Identifier: GPL-3.0-or-later
// A schema that another program changed: whichever connection meets it first, the server ends with a sentence, but
// for a job's, which ends the job's process alone. A job whose connection is lost, or cannot be made, is done by the
// next one.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer, until } from '../lib/harness.mjs';
import { holdTable } from '../lib/hold.mjs';

const WRONG = /lacks migration 0002/;

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/* Connections of that name alone find a migration gone. */
const hideFrom = (name) =>
    server.psql(`alter table schema_migration enable row level security;
        drop policy if exists hidden on schema_migration;
        create policy hidden on schema_migration
            using (number <> 2 or current_setting('application_name') <> '${name}')`);
const showAll = () => server.psql('alter table schema_migration disable row level security');
const sessions = () =>
    server
        .psql(
            `select distinct application_name from pg_stat_activity
               where application_name like 'mete %' and datname = current_database() order by 1`,
        )
        .split('\n');
const end = (name) =>
    server.psql(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = '${name}' and datname = current_database()`);
const said = (process, sentence) =>
    server.logLines().some((line) => line.process === process && sentence.test(line.message));

test('each connection that is made again looks at the schema', async () => {
    const wanted = ['desk', 'edge-0', 'sender', 'worker care', 'worker looks', 'worker jobs'];
    const areThere = () => wanted.every((part) => sessions().includes(`mete ${part}`)) && sessions();
    for (const name of await until(areThere, 20_000, 'all to be connected')) {
        server.log = '';
        hideFrom(name);
        end(name);
        assert.equal(await server.exited, 1, name);
        assert.ok(said(name.split(' ')[1], WRONG), `${name}: ${server.log}`);
        showAll();
        await server.spawn();
        await server.untilReady();
        await until(areThere, 20_000, 'all to be connected again');
    }
});

const begin = async () => {
    const { status, body, text } = await server.api('POST', '/prove', { campaign: 'absent', phase: 1 });
    assert.equal(status, 202, text);
    return body.id;
};

async function ends(id) {
    const { problem, state } = await until(
        async () => {
            const { body } = await server.api('GET', `/jobs/${id}`);
            return ['failed', 'done'].includes(body.state) && body;
        },
        60_000,
        'the job to end',
    );
    assert.deepEqual([state, problem], ['failed', 'There is no campaign "absent".']);
}

test("a job's process that meets a changed schema leaves, and nobody else", async () => {
    hideFrom('mete job');
    const id = await begin();
    await until(() => said('job', WRONG), 30_000, 'the job to look at the schema');
    showAll();
    await ends(id);
});

/* Whoever reads a campaign waits for the lock: not who prepares the statement, as it would for a table's. */
const GATE = `create function gate() returns boolean language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(1); return true; end $$;
    alter table campaign enable row level security;
    create policy gate on campaign using (gate())`;

test('a job whose connection is lost is claimed again', async () => {
    server.psql(GATE);
    const { status, text } = await server.api('POST', '/campaigns', {
        key: 'absent',
        name: 'Not there any more',
        kind: 'experiment',
        variants: [
            { key: 'a', weight: 0.5, is_control: true },
            { key: 'b', weight: 0.5, is_control: false },
        ],
    });
    assert.equal(status, 201, text);
    const holding = server.psqlAside('select pg_advisory_lock(1), pg_sleep(600)');
    const waits = (name, event) =>
        server.psql(`select pid from pg_stat_activity where query ~ 'advisory|prove_metrics|campaign' and
            datname = current_database() and application_name ${name} and wait_event = '${event}'`);
    const holder = await until(() => waits("!~ '^mete'", 'PgSleep'), 10_000, 'the gate to be shut');
    const id = await begin();
    await until(() => waits("= 'mete job'", 'advisory'), 30_000, 'the job to wait');
    end('mete job');
    await until(() => said('job', /no connection to the database/), 30_000, 'the job to notice');
    server.psql(`delete from campaign; select pg_terminate_backend(${holder})`);
    await holding;
    await ends(id);
    assert.equal(server.psql(`select attempts from job where id = ${id}`), '2');
    server.psql('drop policy gate on campaign; alter table campaign disable row level security');
});

test('a job for which there is no connection waits until there is one', async () => {
    const allow = (is) => server.cluster.psql('postgres', `alter database ${server.database} allow_connections ${is}`);
    allow(false);
    server.log = '';
    const id = await begin();
    await until(() => said('job', /not currently accepting connections/), 60_000, 'the job to be refused');
    allow(true);
    await ends(id);
});

test('a job that the database does not answer gives up, and is done by the next', async () => {
    const release = await holdTable(server, 'campaign_metric', true);
    const id = await begin();
    await until(() => said('job', /the database does not answer/), 60_000, 'the job to give up');
    await release();
    await ends(id);
});
