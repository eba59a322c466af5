// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How every verb that talks to a server begins and ends: options read, the connection completed,
 * failures told in one way.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "tools/cli/connection.h"
#include "tools/cli/options.h"

/* Reads the options into 'values'; prints help or complaint itself. False: end with *ret_status. */
bool verb_options(const struct option_table *table, int argc, char **argv, void *values,
                  int *ret_status) must_use;
/* The database as the owner of its tables: the option, else METE_DATABASE_OWNER_URL, else
 * METE_DATABASE_URL; NULL: none is given. */
const char *verb_owner_url(const char *option);
/* verb_options, then connection_complete on the 'struct connection' at table->shared_offset of the
 * values. */
bool verb_begin(const struct option_table *table, int argc, char **argv, void *values,
                struct arena *arena, int *ret_status) must_use;
/* Prints "mete NAME: sentence (at pointer)". Returns EXIT_MISUSED for broken input, else
 * EXIT_FAILED. */
int verb_failed(const char *name, const struct fault *fault);
