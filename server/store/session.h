// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A connection for work that waits: one statement, one answer, then the next. For the command line
 * alone; what serves others uses io/pg.
 */
#pragma once

#include "base/err.h"
#include "sql/queries.h"

#include <libpq-fe.h>

void session_done(PGconn **c);
void session_clear(PGresult **r);
#define auto_session __attribute__((cleanup(session_done)))
#define auto_answer  __attribute__((cleanup(session_clear)))

/* Without time limit, and with texts of values that mean the same everywhere. ERR_UNAVAILABLE. */
enum err session_open(const char *conninfo, PGconn **ret, struct fault *ret_fault) must_use;
/* Any SQL; the result is the caller's. NULL with the fault set when it failed. */
PGresult *session_run(PGconn *c, const char *sql, struct fault *ret_fault) must_use;
/* A statement of ours with texts as parameters; otherwise the same. */
PGresult *session_ask(PGconn *c, enum query query, int count, const char *const *params,
                      struct fault *ret_fault) must_use;
/* What the connection has to say about a failure, with the words of 'r' where it has some. */
enum err session_fault(PGconn *c, const PGresult *r, struct fault *ret_fault);
