// SPDX-License-Identifier: GPL-3.0-or-later
/* How the files of store/ send their statements over a connection that waits. */
#pragma once

#include "base/err.h"
#include "sql/queries.h"

#include <libpq-fe.h>
#include <stdbool.h>

void database_clear(PGresult **r);
#define auto_answer __attribute__((cleanup(database_clear)))

/* Runs any SQL and returns its result, which the caller clears, or NULL with the fault set. */
PGresult *database_run(PGconn *c, const char *sql, struct fault *ret_fault) must_use;
/* Does the same for one statement, with texts as its parameters. */
PGresult *database_run_with(PGconn *c, const char *sql, int count, const char *const *params,
                            struct fault *ret_fault) must_use;
/* Does the same for a statement of sql/queries. Its answer has the columns it is read by. */
PGresult *database_ask(PGconn *c, enum query query, int count, const char *const *params,
                       struct fault *ret_fault) must_use;
/* The same where the answer says nothing. */
enum err database_do(PGconn *c, const char *sql, struct fault *ret_fault);

/* Whether a statement did what it should. */
bool database_is_good(const PGresult *r);
/* What the connection has to say about a failure, with the words of 'r' where it has some. */
enum err database_fault(PGconn *c, const PGresult *r, struct fault *ret_fault);
