// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Functions, views and triggers: what a database does, beside what it holds. They are made anew as
 * a whole, in one transaction, whenever a program brings others than the database has; so a body
 * stands in one file, and what runs is what stands there. For migrate alone.
 */
#pragma once

#include "store/schema.h"

#include <libpq-fe.h>

/* *ret_is_made: not when the database is ahead of this program, or has had these very routines:
 * then a newer program has replaced them. Needs all of the program's migrations. */
enum err routines_apply(PGconn *conn, const struct schema *schema, bool *ret_is_made,
                        struct fault *ret_fault) must_use;
