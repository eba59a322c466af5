// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/access/share.h"

#include "io/pg/row.h"
#include "store/columns.h"

const struct column share_columns[] = {
    COLUMN(struct share, environment_id, COLUMN_INT),
    COLUMN(struct share, campaign, COLUMN_TEXT),
    {0},
};

void share_send_find(struct pg *pg, const uint8_t hash[TOKEN_HASH_BYTES], pg_answer_fn *fn,
                     void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_bytes(&params, hash, TOKEN_HASH_BYTES);
    pg_send(pg, QUERY_SHARE_FIND, &params, fn, arg);
}

bool share_read(const PGresult *result, struct share *ret)
{
    if (pg_row_count(result) == 0)
        return false;
    column_read(share_columns, result, 0, ret);
    return true;
}
