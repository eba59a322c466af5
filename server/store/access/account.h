// SPDX-License-Identifier: GPL-3.0-or-later
/* What users keep about themselves, and sign in by. */
#pragma once

#include "base/token.h"
#include "io/pg/pg.h"

#include <stdbool.h>
#include <stdint.h>

/* Asks for what a user signs in with: by e-mail address, or by id where that is NULL. */
void account_send_find(struct pg *pg, const char *email, int64_t user_id, pg_answer_fn *fn,
                       void *arg);
struct account_row {
    int64_t user_id;    /* 0: there is no such user, or a disabled one */
    const char *email;  /* texts are borrowed from the result */
    const char *hash;   /* NULL: none was set */
    const char *secret; /* of the second factor, sealed, in hex; NULL: there is none */
    bool is_confirmed;  /* it is asked for */
    int64_t step;       /* of its code that was used last */
    int64_t locked_s;   /* no code of it holds for so many seconds */
};
void account_read(const PGresult *result, struct account_row *ret);

struct account_change {
    int64_t user_id;
    const char *seen_hash;  /* as found */
    const char *email;      /* NULL: stays */
    const char *hash;       /* of the new password; NULL: stays */
    const uint8_t *session; /* hash of the token of the one session that outlives a new password */
};
void account_send_change(struct pg *pg, const struct account_change *change, pg_answer_fn *fn,
                         void *arg);
/* Returns false when the account was changed meanwhile; nothing was done then. */
bool account_read_changed(const PGresult *result);
