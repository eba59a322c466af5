// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Brings a database to the schema of this program: each migration in a transaction of its own, then
 * functions, views and triggers in one, under an advisory lock, so that of two at once the second
 * waits and then finds nothing to do. One that ends in a deadlock with who serves begins again.
 * Blocking: for the command line and for a process that has not begun to serve. Runs as the owner
 * of the tables; the role mete_runtime, where there is one, reads and writes rows (also when it was
 * made after the tables), but of what was applied it only reads.
 */
#pragma once

#include "store/schema.h"

#include <stdint.h>

/* A migration has been committed; number 0: the routines. */
typedef void migrate_fn(void *arg, const struct migration *migration, int64_t took_us);

/* Applies what is missing. 'on_applied' may be NULL. ERR_CONFLICT as in schema_compare, nothing is
 * then changed; ERR_UNAVAILABLE: no connection; any other code: a migration failed and was rolled
 * back, those before it stay. */
enum err migrate_apply(const char *conninfo, const struct schema *schema, migrate_fn *on_applied,
                       void *arg, struct fault *ret_fault) must_use;

/* schema_compare on a database, with any role that may read it. A database without any migration
 * is ERR_STALE. */
enum err migrate_check(const char *conninfo, const struct schema *schema,
                       struct fault *ret_fault) must_use;
