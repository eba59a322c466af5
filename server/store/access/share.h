// SPDX-License-Identifier: GPL-3.0-or-later
/* Links that show results: whose. */
#pragma once

#include "base/token.h"
#include "io/pg/pg.h"

struct share {
    int64_t environment_id;
    const char *campaign; /* borrowed from the answer */
};

void share_send_find(struct pg *pg, const uint8_t hash[TOKEN_HASH_BYTES], pg_answer_fn *fn,
                     void *arg);
/* False: no such link is open. */
bool share_read(const PGresult *result, struct share *ret);
