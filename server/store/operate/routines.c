// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/operate/routines.h"

#include "io/pg/row.h"
#include "store/database.h"
#include "store/database_ask.h"

#include <stdio.h>
#include <string.h>

/* Whether the routines $1 are to be made for a program that knows $2 migrations. */
#define IS_DUE_SQL                                                                                 \
    "select not exists (select from schema_routines where sha256 = $1)"                            \
    " and (select count(*) from schema_migration) = $2::int"

/* Drops what the routines before made, in one statement a kind: they stand on one another. */
#define DROP_SQL                                                                                   \
    "do $$ declare dropped record; begin"                                                          \
    " for dropped in select kind, string_agg(identity, ', ') as list from schema_object"           \
    "   group by kind, case kind when 'trigger' then identity end"                                 \
    "   order by array_position('{trigger,view,function}', kind) loop"                             \
    "  execute format('drop %s if exists %s', dropped.kind, dropped.list);"                        \
    " end loop; delete from schema_object; end $$"

/* What this transaction made. Functions of triggers, views and partitions are told apart by their
 * row's xmin: it is this transaction's. */
#define RECORD_SQL                                                                                 \
    "insert into schema_object"                                                                    \
    " select 'function', oid::regprocedure::text from pg_proc"                                     \
    "  where pronamespace = current_schema()::regnamespace"                                        \
    "   and xmin = pg_current_xact_id()::xid"                                                      \
    " union all"                                                                                   \
    " select 'view', oid::regclass::text from pg_class"                                            \
    "  where relnamespace in (current_schema()::regnamespace, to_regnamespace('analyst'))"         \
    "   and relkind = 'v'"                                                                         \
    "   and xmin = pg_current_xact_id()::xid"                                                      \
    " union all"                                                                                   \
    " select 'trigger', format('%I on %s', tgname, tgrelid::regclass) from pg_trigger"             \
    "  where not tgisinternal and tgrelid::regclass in"                                            \
    "    (select oid from pg_class where relnamespace = current_schema()::regnamespace)"           \
    "   and xmin = pg_current_xact_id()::xid"

/* They were made in an order in which they cannot know one another: now they can be checked. */
#define CHECK_SQL                                                                                  \
    "do $$ declare made record; begin"                                                             \
    " for made in select p.oid, l.lanvalidator::regproc::text as validator"                        \
    "   from pg_proc p join pg_language l on l.oid = p.prolang"                                    \
    "   where p.oid in (select to_regprocedure(identity) from schema_object"                       \
    "                   where kind = 'function') loop"                                             \
    "  execute format('select %s(%s)', made.validator, made.oid);"                                 \
    " end loop; end $$"

static enum err is_due(PGconn *conn, const struct schema *schema, bool *ret,
                       struct fault *ret_fault)
{
    char count[16];
    const char *const values[] = {schema->routines->sha256, count};
    snprintf(count, sizeof(count), "%zu", schema->count);
    auto_answer PGresult *r = database_run_with(conn, IS_DUE_SQL, 2, values, ret_fault);
    if (!r)
        return ret_fault->code;
    *ret = row_bool(r, 0, 0);
    return ERR_OK;
}

static enum err record(PGconn *conn, const struct routines *all, struct fault *ret_fault)
{
    const char *const values[] = {all->sha256};
    auto_answer PGresult *r = database_run_with(
        conn, "insert into schema_routines (sha256) values ($1)", 1, values, ret_fault);
    return r ? ERR_OK : ret_fault->code;
}

/* Which file it was stands before the sentence. */
static enum err make_file(PGconn *conn, const struct routine *file, struct fault *ret_fault)
{
    struct fault fault;
    enum err code = database_do(conn, file->sql, &fault);
    return code ? fault_set(ret_fault, code, "", "sql/%s: %s", file->path, fault.detail) : ERR_OK;
}

static enum err make_all(PGconn *conn, const struct routines *all, struct fault *ret_fault)
{
    enum err code = database_do(conn, DROP_SQL, ret_fault);
    if (!code)
        code = database_do(conn, "set local check_function_bodies = off", ret_fault);
    for (size_t i = 0; !code && i < all->count; i++)
        code = make_file(conn, &all->files[i], ret_fault);
    if (!code)
        code = database_do(conn, RECORD_SQL, ret_fault);
    if (!code)
        code = database_do(conn, "set local check_function_bodies = on", ret_fault);
    if (!code)
        code = database_do(conn, CHECK_SQL, ret_fault);
    return code ? code : record(conn, all, ret_fault);
}

enum err routines_apply(PGconn *conn, const struct schema *schema, bool *ret_is_made,
                        struct fault *ret_fault)
{
    *ret_is_made = false;
    if (!schema->routines)
        return ERR_OK;
    enum err code = is_due(conn, schema, ret_is_made, ret_fault);
    if (code || !*ret_is_made)
        return code;
    code = database_begin(conn, ret_fault);
    if (!code)
        code = make_all(conn, schema->routines, ret_fault);
    if (!code)
        return database_commit(conn, ret_fault);
    struct fault ignored;
    (void)database_do(conn, "rollback", &ignored);
    return code;
}
