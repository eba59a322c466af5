// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a new installation begins with: an environment with its built-in metrics, a client key, a
 * secret key, a first admin; and links by which people sign in. Waits for the database.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

struct setup_options {
    const char *environment; /* its key */
    const char *currency;
    const char *time_zone;
    bool wants_secret_key; /* one more, though the environment has some */
};

/* Texts live in the arena given to setup_run. */
struct setup_result {
    const char *client_key; /* the environment's oldest that holds, or a new one */
    const char *secret_key; /* with the role admin and the scope backfill; NULL: there is one
                               already and none more was wanted */
    bool is_new;            /* the environment was made; else it stays as it was */
};

/* All or nothing. Runs as the runtime role. */
enum err setup_run(const char *conninfo, const struct setup_options *options, struct arena *arena,
                   struct setup_result *ret, struct fault *ret_fault) must_use;

/* A token for GET /login/{token}, good once within an hour, for the first admin. ERR_NOT_FOUND:
 * there is none yet. */
enum err setup_login_link(const char *conninfo, struct arena *arena, const char **ret_token,
                          struct fault *ret_fault) must_use;
