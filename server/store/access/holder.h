// SPDX-License-Identifier: GPL-3.0-or-later
/* Who holds a token: of a key, or of a session. Tokens are known by their SHA-256 alone. */
#pragma once

#include "base/token.h"
#include "io/pg/pg.h"
#include "model/role.h"

#include <stdbool.h>
#include <stdint.h>

struct holder {
    bool is_user; /* a session's; else a key */
    int64_t id;
    enum role role;
    int64_t environment_id; /* a key's own; a user's first; 0: there is none */
};

void holder_send_by_key(struct pg *pg, const uint8_t hash[TOKEN_HASH_BYTES], pg_answer_fn *fn,
                        void *arg);
void holder_send_by_session(struct pg *pg, const uint8_t hash[TOKEN_HASH_BYTES], pg_answer_fn *fn,
                            void *arg);
/* What either was answered. False: nobody holds it. */
bool holder_read(const PGresult *result, struct holder *ret);
