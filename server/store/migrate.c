// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrate.h"

#include "base/clock.h"
#include "io/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Any number of our own: "mete" in ASCII. */
#define LOCK_SQL "select pg_advisory_lock(1835365477)"

#define TABLE_SQL                                                                                  \
    "create table if not exists schema_migration ("                                                \
    " number int primary key, name text not null, sha256 text not null, serves int not null,"      \
    " applied_at timestamptz not null default now())"

/* A migration may grant on all tables: the record of what was applied stays the owner's, and what
 * stands in the audit log stays as it is. */
#define RECORD_GRANT_SQL                                                                           \
    "do $$ begin if exists (select from pg_roles where rolname = 'mete_runtime') then"             \
    " revoke all on schema_migration from mete_runtime;"                                           \
    " grant select on schema_migration to mete_runtime;"                                           \
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

#define READ_SQL "select number, name, sha256, serves from schema_migration order by number"

static void finish(PGconn **conn)
{
    PQfinish(*conn);
}

static void clear(PGresult **r)
{
    PQclear(*r);
}

#define auto_conn   __attribute__((cleanup(finish)))
#define auto_result __attribute__((cleanup(clear)))

static void ignore_notice(void *arg, const char *message)
{
    (void)arg, (void)message;
}

static int first_line_length(const char *text)
{
    return (int)strcspn(text, "\n");
}

/* PQconnectdb gives a handle even when it fails; NULL only without memory. */
static enum err connect_to(const char *conninfo, PGconn **ret_conn, struct fault *ret_fault)
{
    PGconn *conn = PQconnectdb(conninfo);
    if (PQstatus(conn) != CONNECTION_OK) {
        const char *why = PQerrorMessage(conn);
        fault_set(ret_fault, ERR_UNAVAILABLE, "", "%.*s", first_line_length(why), why);
        PQfinish(conn);
        return ERR_UNAVAILABLE;
    }
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    *ret_conn = conn;
    return ERR_OK;
}

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

static enum err result_fault(PGconn *conn, const PGresult *r, const char *where,
                             struct fault *ret_fault)
{
    const char *sqlstate = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (!sqlstate || !message) {
        sqlstate = "08006";
        message = PQerrorMessage(conn);
    }
    return fault_set(ret_fault, pg_sqlstate_err(sqlstate), "", "%s%.*s", where,
                     first_line_length(message), message);
}

static bool is_good(const PGresult *r)
{
    ExecStatusType status = PQresultStatus(r);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static enum err run(PGconn *conn, const char *sql, struct fault *ret_fault)
{
    auto_result PGresult *r = PQexec(conn, sql);
    return is_good(r) ? ERR_OK : result_fault(conn, r, "", ret_fault);
}

static enum err run_migration(PGconn *conn, const struct migration *m, struct fault *ret_fault)
{
    auto_result PGresult *r = PQexec(conn, m->sql);
    char where[128];
    if (!is_good(r) && PQresultStatus(r) != PGRES_EMPTY_QUERY) {
        snprintf(where, sizeof(where), "migration %04d_%s, line %d: ", m->number, m->name,
                 line_of(m->sql, PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION)));
        return result_fault(conn, r, where, ret_fault);
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
    auto_result PGresult *r =
        PQexecParams(conn,
                     "insert into schema_migration (number, name, sha256, serves)"
                     " values ($1::int, $2, $3, $4::int)",
                     4, NULL, values, NULL, NULL, 0);
    return is_good(r) ? ERR_OK : result_fault(conn, r, "", ret_fault);
}

static enum err apply_one(PGconn *conn, const struct migration *m, struct fault *ret_fault)
{
    enum err code = run(conn, "begin", ret_fault);
    if (!code)
        code = run_migration(conn, m, ret_fault);
    if (!code)
        code = record(conn, m, ret_fault);
    if (!code)
        code = run(conn, RECORD_GRANT_SQL, ret_fault);
    if (!code)
        return run(conn, "commit", ret_fault);
    (void)run(conn, "rollback", NULL);
    return code;
}

static enum err compare(PGconn *conn, const struct schema *schema, size_t *ret_count,
                        struct fault *ret_fault)
{
    auto_result PGresult *r = PQexec(conn, READ_SQL);
    if (!is_good(r))
        return result_fault(conn, r, "", ret_fault);
    *ret_count = (size_t)row_count(r);
    return schema_compare(schema, r, ret_fault);
}

/* No time limit that a role may have by default: building an index takes what it takes. */
static enum err prepare(PGconn *conn, struct fault *ret_fault)
{
    enum err code = run(conn, "set statement_timeout = 0", ret_fault);
    if (!code)
        code = run(conn, LOCK_SQL, ret_fault);
    return code ? code : run(conn, TABLE_SQL, ret_fault);
}

static enum err grant_late(PGconn *conn, struct fault *ret_fault)
{
    enum err code = run(conn, LATE_GRANT_SQL, ret_fault);
    return code ? code : run(conn, RECORD_GRANT_SQL, ret_fault);
}

enum err migrate_apply(const char *conninfo, const struct schema *schema, migrate_fn *on_applied,
                       void *arg, struct fault *ret_fault)
{
    auto_conn PGconn *conn = NULL;
    size_t count = 0;
    enum err code = connect_to(conninfo, &conn, ret_fault);
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
    return grant_late(conn, ret_fault);
}

enum err migrate_check(const char *conninfo, const struct schema *schema, struct fault *ret_fault)
{
    auto_conn PGconn *conn = NULL;
    size_t count = 0;
    enum err code = connect_to(conninfo, &conn, ret_fault);
    if (code)
        return code;
    auto_result PGresult *r = PQexec(conn, "select to_regclass('schema_migration') is not null");
    if (!is_good(r))
        return result_fault(conn, r, "", ret_fault);
    if (!row_bool(r, 0, 0))
        return fault_set(ret_fault, ERR_STALE, "",
                         "the database holds no schema yet: run \"mete migrate\"");
    return compare(conn, schema, &count, ret_fault);
}
