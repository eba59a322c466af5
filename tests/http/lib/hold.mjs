// SPDX-License-Identifier: GPL-3.0-or-later
// Stops the database at a chosen place: nobody can write to a table (or, where 'isShut', read it) before
// release().
import { until } from './harness.mjs';

export async function holdTable(server, table, isShut = false) {
    const name = `hold_${table}_${server.database}`;
    const held = server.psqlAside(`set application_name = '${name}'; begin;
        lock table ${table} in ${isShut ? 'access exclusive' : 'exclusive'} mode; select pg_sleep(600);`);
    const isHeld = () =>
        server.rows(`select 1 from pg_locks l join pg_stat_activity a using (pid)
        where a.application_name = '${name}' and relation = '${table}'::regclass
            and mode = '${isShut ? 'AccessExclusiveLock' : 'ExclusiveLock'}'
            and granted`).length > 0;
    await until(isHeld, 10_000, `the lock on ${table}`);
    return async () => {
        server.psql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`);
        await held;
    };
}
