// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A connection for work that waits: one statement, one answer, then the next. For the command line
 * and for a process that has not begun to serve; what serves others uses io/pg.
 */
#pragma once

#include "base/err.h"

#include <libpq-fe.h>

void database_done(PGconn **c);
#define auto_database __attribute__((cleanup(database_done)))

/* Without time limit, and with texts of values that mean the same everywhere. ERR_UNAVAILABLE. */
enum err database_open(const char *conninfo, PGconn **ret, struct fault *ret_fault) must_use;

/* What is done between the two is done altogether, or, when the connection closes first, not. */
enum err database_begin(PGconn *c, struct fault *ret_fault) must_use;
enum err database_commit(PGconn *c, struct fault *ret_fault) must_use;
