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
