// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sessions of people: opened by a link that works once or by a password, listed and ended by who
 * has them. Tokens are known by their SHA-256 alone.
 */
#pragma once

#include "base/token.h"
#include "io/pg/pg.h"
#include "store/access/second_factor.h"

#include <stdbool.h>
#include <stdint.h>

/* A session that is to be opened. */
struct session_opening {
    const uint8_t *session; /* its token's hash */
    int hours;
    const char *agent; /* browser and system */
};

/* Uses up a login link and opens a session. */
void session_send_open(struct pg *pg, const uint8_t link[TOKEN_HASH_BYTES],
                       const struct session_opening *opening, pg_answer_fn *fn, void *arg);
/* Of who signs in by a password. */
struct session_claim {
    int64_t user_id;
    const char *hash; /* the one that the password was found to fit */
    struct second_factor_proof proof;
};
/* The same for them. */
void session_send_open_by_password(struct pg *pg, const struct session_claim *claim,
                                   const struct session_opening *opening, pg_answer_fn *fn,
                                   void *arg);
/* Of whom an identity provider vouches for. */
struct session_vouched {
    const char *provider_id; /* what it calls them, everywhere the same */
    const char *email;       /* verified, in lower case */
    const char *role;        /* these: NULL: as it is, and nobody new */
    const char *new_role;
};
void session_send_open_by_provider(struct pg *pg, const struct session_vouched *vouched,
                                   const struct session_opening *opening, pg_answer_fn *fn,
                                   void *arg);
/* False: there is nobody who may sign in so. */
bool session_read_provided(const PGresult *result);
/* What the first two were answered. False: none was opened. *ret_is_new: the user still has to set
 * a password. */
bool session_read_opened(const PGresult *result, bool *ret_is_new);

/* Ends one; the answer says nothing. */
void session_send_close(struct pg *pg, const uint8_t session[TOKEN_HASH_BYTES], pg_answer_fn *fn,
                        void *arg);
/* Ends that of number 'id', if it is the user's own. */
void session_send_close_own(struct pg *pg, int64_t user_id, int64_t id, pg_answer_fn *fn,
                            void *arg);
/* Ends all of the user's. */
void session_send_close_all(struct pg *pg, int64_t user_id, pg_answer_fn *fn, void *arg);
/* Reads how many sessions any of the three ended. */
int64_t session_read_closed(const PGresult *result);

/* Asks for the user's open sessions as one document; 'session' is the one that asks. Answers with a
 * view. */
void session_send_list(struct pg *pg, int64_t user_id, const uint8_t session[TOKEN_HASH_BYTES],
                       pg_answer_fn *fn, void *arg);
/* Who asks and which environments there are: user_id 0: a key of that role asks; environment_id 0:
 * all. Answers with a view. */
void session_send_read(struct pg *pg, int64_t user_id, int64_t environment_id, const char *role,
                       pg_answer_fn *fn, void *arg);
