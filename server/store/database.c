// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.h"

#include "store/database_ask.h"
#include "store/statement_private.h"

#include <string.h>

void database_done(PGconn **c)
{
    PQfinish(*c);
}

void database_clear(PGresult **r)
{
    PQclear(*r);
}

static void ignore_notice(void *arg, const char *message)
{
    (void)arg, (void)message;
}

enum err database_fault(PGconn *c, const PGresult *r, struct fault *ret_fault)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (!message)
        message = PQerrorMessage(c);
    return fault_set(ret_fault, state ? pg_sqlstate_err(state) : ERR_UNAVAILABLE, "", "%.*s",
                     (int)strcspn(message, "\n"), message);
}

bool database_is_good(const PGresult *r)
{
    ExecStatusType status = PQresultStatus(r);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_IN ||
           status == PGRES_COPY_OUT || status == PGRES_EMPTY_QUERY;
}

static PGresult *checked(PGconn *c, PGresult *r, struct fault *ret_fault)
{
    if (database_is_good(r))
        return r;
    database_fault(c, r, ret_fault);
    PQclear(r);
    return NULL;
}

PGresult *database_run(PGconn *c, const char *sql, struct fault *ret_fault)
{
    return checked(c, PQexec(c, sql), ret_fault);
}

PGresult *database_run_with(PGconn *c, const char *sql, int count, const char *const *params,
                            struct fault *ret_fault)
{
    return checked(c, PQexecParams(c, sql, count, NULL, params, NULL, NULL, 0), ret_fault);
}

PGresult *database_ask(PGconn *c, enum query query, int count, const char *const *params,
                       struct fault *ret_fault)
{
    PGresult *r = database_run_with(c, queries[query].sql, count, params, ret_fault);
    if (r && column_check(statement_columns[query], r, ret_fault)) {
        PQclear(r);
        return NULL;
    }
    return r;
}

enum err database_do(PGconn *c, const char *sql, struct fault *ret_fault)
{
    auto_answer PGresult *r = database_run(c, sql, ret_fault);
    return r ? ERR_OK : ret_fault->code;
}

enum err database_open(const char *conninfo, PGconn **ret, struct fault *ret_fault)
{
    auto_database PGconn *c = PQconnectdb(conninfo);
    if (PQstatus(c) != CONNECTION_OK)
        return database_fault(c, NULL, ret_fault);
    PQsetNoticeProcessor(c, ignore_notice, NULL);
    enum err e =
        database_do(c,
                    "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;"
                    "set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set timezone = "
                    "'UTC'; set extra_float_digits = 3; set bytea_output = 'hex';"
                    "set client_encoding = 'UTF8'",
                    ret_fault);
    if (e)
        return e;
    *ret = c;
    c = NULL;
    return ERR_OK;
}

enum err database_begin(PGconn *c, struct fault *ret_fault)
{
    return database_do(c, "begin", ret_fault);
}

enum err database_commit(PGconn *c, struct fault *ret_fault)
{
    return database_do(c, "commit", ret_fault);
}
