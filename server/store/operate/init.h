// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the first things of a new installation are made with, one statement each, on a connection
 * that waits. For the command line; what is made, and in which order, its callers know.
 */
#pragma once

#include "base/arena.h"
#include "base/token.h"
#include "store/config/config.h"
#include "store/database.h"

struct init_environment {
    int64_t id;    /* 0: there is none */
    int64_t clock; /* goes into the next change */
};
enum err init_find_environment(PGconn *c, const char *key, struct init_environment *ret,
                               struct fault *ret_fault) must_use;

/* A change of a thing that is called 'resource' in the names of its statements. ERR_BUSY: the clock
 * has moved, nothing was changed. */
enum err init_change(PGconn *c, const char *resource, const struct config_change *change,
                     struct fault *ret_fault) must_use;

/* The token of the environment's oldest client key that holds, in the arena; NULL: there is none.
 */
enum err init_find_client_key(PGconn *c, int64_t environment_id, struct arena *arena,
                              const char **ret_token, struct fault *ret_fault) must_use;
/* Whether the environment has a secret key of an admin that holds. */
enum err init_has_secret_key(PGconn *c, int64_t environment_id, bool *ret,
                             struct fault *ret_fault) must_use;

/* Makes the first admin, when there is nobody. */
enum err init_make_admin(PGconn *c, struct fault *ret_fault) must_use;
/* Takes the second factor from a user. ERR_NOT_FOUND: nobody has the address. */
enum err init_reset_second_factor(PGconn *c, const char *email, bool *ret_had_one,
                                  struct fault *ret_fault) must_use;
/* Makes a link for the first admin, good once within an hour, by its token's hash. ERR_NOT_FOUND:
 * there is no admin. */
enum err init_make_login_link(PGconn *c, const uint8_t hash[TOKEN_HASH_BYTES],
                              struct fault *ret_fault) must_use;
