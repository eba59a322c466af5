// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/operate/migrate.h"

#include "base/clock.h"
#include "io/pg/row.h"
#include "store/database.h"
#include "store/database_ask.h"
#include "store/operate/routines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often what ended in a deadlock is done at most. */
enum { TRIES_MOST = 10 };

/* Any number of our own: "mete" in ASCII. */
#define LOCK_SQL "select pg_advisory_lock(1835365477)"

/* Migrations that were applied; checksums of the routines that were made, the last one stands; what
 * these made. */
#define TABLE_SQL                                                                                  \
    "create table if not exists schema_migration ("                                                \
    " number int primary key, name text not null, sha256 text not null, serves int not null,"      \
    " applied_at timestamptz not null default now());"                                             \
    "create table if not exists schema_routines ("                                                 \
    " sha256 text primary key, applied_at timestamptz not null default now());"                    \
    "create table if not exists schema_object ("                                                   \
    " kind text not null, identity text not null, primary key (kind, identity))"

/* A migration may grant on all tables: the record of what was applied stays the owner's, and what
 * stands in the audit log stays as it is. */
#define RECORD_GRANT_SQL                                                                           \
    "do $$ begin if exists (select from pg_roles where rolname = 'mete_runtime') then"             \
    " revoke all on schema_migration, schema_routines, schema_object from mete_runtime;"           \
    " grant select on schema_migration, schema_routines to mete_runtime;"                          \
    " if to_regclass('audit_log') is not null then"                                                \
    "  revoke update, delete on audit_log from mete_runtime; end if; end if; end $$"

/* For a role that was made after the migrations had granted. */
#define LATE_GRANT_SQL                                                                             \
    "do $$ begin if exists (select from pg_roles where rolname = 'mete_runtime'"                   \
    "  and not has_table_privilege(oid, 'schema_migration', 'select')) then"                       \
    " execute format('grant usage on schema %I to mete_runtime', current_schema());"               \
    " execute format('grant select, insert, update, delete on all tables in schema %I"             \
    " to mete_runtime', current_schema());"                                                        \
    " execute format('alter default privileges in schema %I grant select, insert, update,"         \
    " delete on tables to mete_runtime', current_schema()); end if; end $$"

/* What runs with its owner's rights is for the servers alone. */
#define OWNER_RIGHTS_SQL                                                                           \
    "do $$ declare f regprocedure; begin"                                                          \
    " if exists (select from pg_roles where rolname = 'mete_runtime') then"                        \
    "  for f in select oid from pg_proc where prosecdef"                                           \
    "           and pronamespace = current_schema()::regnamespace order by oid loop"               \
    "   execute format('revoke execute on function %s from public', f);"                           \
    "   execute format('grant execute on function %s to mete_runtime', f);"                        \
    "  end loop; end if; end $$"

/* The analyst reads what views show, made anew or not, and no table. */
#define ANALYST_GRANT_SQL                                                                          \
    "do $$ begin if exists (select from pg_roles where rolname = 'mete_analyst')"                  \
    " and to_regnamespace('analyst') is not null then"                                             \
    " grant usage on schema analyst to mete_analyst;"                                              \
    " grant select on all tables in schema analyst to mete_analyst; end if; end $$"

/* The place of a syntax error is told in characters of the whole text. */
static int line_of(const char *sql, const char *position)
{
    int line = 1;
    for (int left = position ? atoi(position) : 1; left > 1 && *sql; sql++) {
        left -= ((unsigned char)*sql & 0xc0) != 0x80;
        line += *sql == '\n';
    }
    return line;
}

static enum err run_migration(PGconn *conn, const struct migration *m, struct fault *ret_fault)
{
    auto_answer PGresult *r = PQexec(conn, m->sql);
    if (!database_is_good(r)) {
        struct fault why;
        enum err code = database_fault(conn, r, &why);
        return fault_set(ret_fault, code, "", "migration %04d_%s, line %d: %s", m->number, m->name,
                         line_of(m->sql, PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION)),
                         why.detail);
    }
    if (PQtransactionStatus(conn) == PQTRANS_INTRANS)
        return ERR_OK;
    return fault_set(ret_fault, ERR_INTERNAL, "", "migration %04d_%s ends its own transaction",
                     m->number, m->name);
}

static enum err record(PGconn *conn, const struct migration *m, struct fault *ret_fault)
{
    char number[16], serves[16];
    snprintf(number, sizeof(number), "%d", m->number);
    snprintf(serves, sizeof(serves), "%d", m->serves);
    const char *values[] = {number, m->name, m->sha256, serves};
    auto_answer PGresult *r =
        database_run_with(conn,
                          "insert into schema_migration (number, name, sha256, serves)"
                          " values ($1::int, $2, $3, $4::int)",
                          4, values, ret_fault);
    return r ? ERR_OK : ret_fault->code;
}

static enum err try_one(PGconn *conn, const struct migration *m, struct fault *ret_fault)
{
    struct fault ignored;
    enum err code = database_begin(conn, ret_fault);
    if (!code)
        code = run_migration(conn, m, ret_fault);
    if (!code)
        code = record(conn, m, ret_fault);
    if (!code)
        code = database_do(conn, RECORD_GRANT_SQL, ret_fault);
    if (!code)
        return database_commit(conn, ret_fault);
    (void)database_do(conn, "rollback", &ignored);
    return code;
}

/* Who serves takes locks in an order of its own: PostgreSQL then ends one of both. */
static enum err apply_one(PGconn *conn, const struct migration *m, struct fault *ret_fault)
{
    enum err code = ERR_BUSY;
    for (int i = 0; code == ERR_BUSY && i < TRIES_MOST; i++)
        code = try_one(conn, m, ret_fault);
    return code;
}

static enum err compare(PGconn *conn, const struct schema *schema, size_t *ret_count,
                        struct fault *ret_fault)
{
    auto_answer PGresult *r = database_ask(conn, QUERY_SCHEMA_READ, 0, NULL, ret_fault);
    if (!r)
        return ret_fault->code;
    *ret_count = (size_t)pg_row_count(r);
    return schema_compare(schema, r, ret_fault);
}

static enum err prepare(PGconn *conn, struct fault *ret_fault)
{
    enum err code = database_do(conn, LOCK_SQL, ret_fault);
    return code ? code : database_do(conn, TABLE_SQL, ret_fault);
}

static enum err grant_late(PGconn *conn, struct fault *ret_fault)
{
    enum err code = database_do(conn, LATE_GRANT_SQL, ret_fault);
    if (!code)
        code = database_do(conn, RECORD_GRANT_SQL, ret_fault);
    if (!code)
        code = database_do(conn, OWNER_RIGHTS_SQL, ret_fault);
    return code ? code : database_do(conn, ANALYST_GRANT_SQL, ret_fault);
}

static enum err make_routines(PGconn *conn, const struct schema *schema, migrate_fn *on_applied,
                              void *arg, struct fault *ret_fault)
{
    static const struct migration shown = {.name = "functions, views and triggers"};
    int64_t begin_us = clock_mono_us();
    bool is_made;
    enum err code = ERR_BUSY;
    for (int i = 0; code == ERR_BUSY && i < TRIES_MOST; i++)
        code = routines_apply(conn, schema, &is_made, ret_fault);
    if (!code && is_made && on_applied)
        on_applied(arg, &shown, clock_mono_us() - begin_us);
    return code;
}

enum err migrate_apply(const char *conninfo, const struct schema *schema, migrate_fn *on_applied,
                       void *arg, struct fault *ret_fault)
{
    auto_database PGconn *conn = NULL;
    size_t count = 0;
    enum err code = database_open(conninfo, &conn, ret_fault);
    if (!code)
        code = prepare(conn, ret_fault);
    if (!code)
        code = compare(conn, schema, &count, ret_fault);
    if (code && code != ERR_STALE)
        return code;
    for (size_t i = count; i < schema->count; i++) {
        int64_t begin_us = clock_mono_us();
        code = apply_one(conn, &schema->migrations[i], ret_fault);
        if (code)
            return code;
        if (on_applied)
            on_applied(arg, &schema->migrations[i], clock_mono_us() - begin_us);
    }
    code = make_routines(conn, schema, on_applied, arg, ret_fault);
    return code ? code : grant_late(conn, ret_fault);
}

enum err migrate_check(const char *conninfo, const struct schema *schema, struct fault *ret_fault)
{
    auto_database PGconn *conn = NULL;
    size_t count = 0;
    enum err code = database_open(conninfo, &conn, ret_fault);
    if (code)
        return code;
    auto_answer PGresult *r =
        database_run(conn, "select to_regclass('schema_routines') is not null", ret_fault);
    if (!r)
        return ret_fault->code;
    if (!row_bool(r, 0, 0))
        return fault_set(ret_fault, ERR_STALE, "",
                         "the database holds no schema yet: run \"mete migrate\"");
    return compare(conn, schema, &count, ret_fault);
}
