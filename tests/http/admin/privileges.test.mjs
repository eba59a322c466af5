// SPDX-License-Identifier: GPL-3.0-or-later
// What the role of the running server may not do, should somebody speak through it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer } from '../lib/harness.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const asRuntime = (sql) => server.cluster.psql(server.database, sql, 'mete_runtime');

const forbidden = [
    ['create table t (a int)', /permission denied for schema/],
    ['create schema s', /permission denied for database/],
    ['drop table rejected_event', /must be owner/],
    ['alter table audit_log add t int', /must be owner/],
    ["update audit_log set actor = 'nobody'", /permission denied for table audit_log/],
    ['delete from audit_log', /permission denied for table audit_log/],
    ['truncate audit_log', /permission denied for table audit_log/],
    ['delete from schema_routines', /permission denied for table schema_routines/],
    ['delete from schema_object', /permission denied for table schema_object/],
    ['delete from schema_migration', /permission denied for table schema_migration/],
    ['select rolpassword from pg_authid', /permission denied for table pg_authid/],
];

for (const [sql, complaint] of forbidden) {
    test(sql, () => assert.throws(() => asRuntime(sql), complaint));
}

test('a table of its own in the way of a partition changes nothing', () => {
    asRuntime(`create temp table visitor_event (day date) partition by range (day);
               select public.visitor_event_partition('1999-12-31')`);
    const parents = server.rows(`select inhparent::regclass::text as parent from pg_inherits
                                 where inhrelid = 'visitor_event_19991231'::regclass`);
    assert.deepEqual(parents, [{ parent: 'visitor_event' }]);
});

/* Whose functions run with its owner's rights: what they call must be ours, and callers the servers alone. */
test('what runs with its owner’s rights looks nowhere else, and is called by the servers alone', () => {
    const functions = server.rows(`select p.proname as name, n.nspname as schema, p.proconfig as settings,
            has_function_privilege('public', p.oid, 'execute') as is_public,
            has_function_privilege('mete_analyst', p.oid, 'execute') as is_analysts,
            has_function_privilege('mete_runtime', p.oid, 'execute') as is_servers
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' order by 1`);
    assert.ok(functions.length >= 3);
    for (const one of functions) {
        assert.ok(one.settings?.includes(`search_path=${one.schema}, pg_temp`), `${one.name}: ${one.settings}`);
        assert.deepEqual([one.name, one.is_public, one.is_analysts, one.is_servers], [one.name, false, false, true]);
    }
});

test('a table of its own in the way of forgetting hides no line of the audit log', () => {
    server.psql(`insert into audit_log (actor, action, resource, is_note, at)
                 values ('system', 'password.refuse', 'x', true, now() - interval '900 days')`);
    const gone = asRuntime(`create temp table audit_log (id bigint, is_note bool, at timestamptz);
               select public.audit_forget(30)`);
    assert.equal(gone.split('\n').at(-1), '1');
});
