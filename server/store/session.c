// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/session.h"

#include <string.h>

void session_done(PGconn **c)
{
    PQfinish(*c);
}

void session_clear(PGresult **r)
{
    PQclear(*r);
}

static void ignore_notice(void *arg, const char *message)
{
    (void)arg, (void)message;
}

enum err session_fault(PGconn *c, const PGresult *r, struct fault *ret_fault)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (!message)
        message = PQerrorMessage(c);
    return fault_set(ret_fault, state ? pg_sqlstate_err(state) : ERR_UNAVAILABLE, "", "%.*s",
                     (int)strcspn(message, "\n"), message);
}

static PGresult *checked(PGconn *c, PGresult *r, struct fault *ret_fault)
{
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_IN ||
        status == PGRES_COPY_OUT)
        return r;
    session_fault(c, r, ret_fault);
    PQclear(r);
    return NULL;
}

PGresult *session_run(PGconn *c, const char *sql, struct fault *ret_fault)
{
    return checked(c, PQexec(c, sql), ret_fault);
}

PGresult *session_ask(PGconn *c, enum query query, int count, const char *const *params,
                      struct fault *ret_fault)
{
    return checked(c, PQexecParams(c, queries[query].sql, count, NULL, params, NULL, NULL, 0),
                   ret_fault);
}

enum err session_open(const char *conninfo, PGconn **ret, struct fault *ret_fault)
{
    auto_session PGconn *c = PQconnectdb(conninfo);
    if (PQstatus(c) != CONNECTION_OK)
        return session_fault(c, NULL, ret_fault);
    PQsetNoticeProcessor(c, ignore_notice, NULL);
    auto_answer PGresult *r =
        session_run(c,
                    "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;"
                    "set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set timezone = "
                    "'UTC'; set extra_float_digits = 3; set bytea_output = 'hex';"
                    "set client_encoding = 'UTF8'",
                    ret_fault);
    if (!r)
        return ret_fault->code;
    *ret = c;
    c = NULL;
    return ERR_OK;
}
