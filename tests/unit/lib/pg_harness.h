// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A PostgreSQL of the test's own: made by initdb in a temporary folder, owned by an unprivileged
 * user, unix socket only, without fsync. It dies with the test, and its folder goes. A step that
 * fails ends the test program.
 */
#pragma once

#include <libpq-fe.h>
#include <stddef.h>

/* Starts the server. Ends the program with status 77 (skipped) where PostgreSQL is not installed.
 * One for each program. */
void pg_harness_start(void);
/* Stops it as a crash would (SIGQUIT), or starts it again on the same data. */
void pg_harness_crash(void);
void pg_harness_restart(void);

/* Creates an empty database; returns its conninfo, valid to the end of the program. */
const char *pg_harness_database(const char *name);
/* A blocking connection to conninfo; PQfinish it. */
PGconn *pg_harness_connect(const char *conninfo);
/* Runs any SQL; the first value of the last result as a string to free with free(), "" if none. */
char *pg_harness_ask(const char *conninfo, const char *sql);
/* Sends a signal to the backends with that application_name. Returns how many. */
int pg_harness_signal(const char *application_name, int signal_number);
