// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who holds a token: keys, sessions, one-time login links. Tokens are known by their SHA-256 alone.
 */
#pragma once

#include "io/pg.h"
#include "model/access_key.h"
#include "model/role.h"

#include <stdbool.h>
#include <stdint.h>

struct access_holder {
    bool is_user; /* a session's; else a key */
    int64_t id;
    enum role role;
    int64_t environment_id; /* a key's own; a user's first; 0: there is none */
};

void access_send_key(struct pg *pg, const uint8_t hash[ACCESS_HASH_BYTES], pg_answer_fn *fn,
                     void *arg);
void access_send_session(struct pg *pg, const uint8_t hash[ACCESS_HASH_BYTES], pg_answer_fn *fn,
                         void *arg);
/* Of both. False: nobody. */
bool access_read(const PGresult *result, struct access_holder *ret);

/* Uses up a login link and opens a session with the other token; a row tells that it did. */
void access_send_open(struct pg *pg, const uint8_t link[ACCESS_HASH_BYTES],
                      const uint8_t session[ACCESS_HASH_BYTES], int hours, pg_answer_fn *fn,
                      void *arg);
void access_send_close(struct pg *pg, const uint8_t session[ACCESS_HASH_BYTES], pg_answer_fn *fn,
                       void *arg);

/* The id of an environment by key: a row with it, or none. */
void environment_send_find(struct pg *pg, const char *key, pg_answer_fn *fn, void *arg);
/* 0: there is none. */
int64_t environment_read_id(const PGresult *result);
