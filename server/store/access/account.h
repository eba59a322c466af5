// SPDX-License-Identifier: GPL-3.0-or-later
/* What users keep about themselves, and sign in by. */
#pragma once

#include "base/token.h"
#include "io/pg/pg.h"

#include <stdbool.h>
#include <stdint.h>

/* Asks for the hash of a user's password: by e-mail address, or by id where that is NULL. */
void account_send_find(struct pg *pg, const char *email, int64_t user_id, pg_answer_fn *fn,
                       void *arg);
struct account_row {
    int64_t user_id;  /* 0: there is no such user, or a disabled one */
    const char *hash; /* borrowed from the result; NULL: none was set */
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
