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

/* A session that is to be opened. */
struct access_opening {
    const uint8_t *session; /* its token's hash */
    int hours;
    const char *agent; /* browser and system */
};

/* Uses up a login link and opens a session; a row tells that it did, and whether the user still has
 * to set a password. */
void access_send_open(struct pg *pg, const uint8_t link[ACCESS_HASH_BYTES],
                      const struct access_opening *opening, pg_answer_fn *fn, void *arg);
/* The same for a user whose password was found to be the one of 'hash'. */
void access_send_open_by_password(struct pg *pg, int64_t user_id, const char *hash,
                                  const struct access_opening *opening, pg_answer_fn *fn,
                                  void *arg);

/* The hash of a user's password: by e-mail address, or by id where that is NULL. */
void access_send_find_password(struct pg *pg, const char *email, int64_t user_id, pg_answer_fn *fn,
                               void *arg);
struct access_password {
    int64_t user_id;  /* 0: there is no such user, or a disabled one */
    const char *hash; /* borrowed; NULL: none was set */
};
void access_read_password(const PGresult *result, struct access_password *ret);
void access_send_close(struct pg *pg, const uint8_t session[ACCESS_HASH_BYTES], pg_answer_fn *fn,
                       void *arg);

/* The id of an environment by key: a row with it, or none. */
void environment_send_find(struct pg *pg, const char *key, pg_answer_fn *fn, void *arg);
/* 0: there is none. */
int64_t environment_read_id(const PGresult *result);
