// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/results/split.h"

#include "store/columns.h"

const struct column split_columns[] = {
    COLUMN(struct split_texts, head, COLUMN_JSON),
    COLUMN(struct split_texts, parts, COLUMN_JSON),
    {0},
};

void split_send(struct pg *pg, int64_t environment_id, const char *campaign, int phase,
                pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_text(&params, campaign);
    pg_param_id(&params, phase);
    pg_send(pg, QUERY_SPLIT_READ, &params, fn, arg);
}

bool split_read_texts(const PGresult *result, struct split_texts *ret)
{
    if (pg_row_count(result) == 0)
        return false;
    column_read(split_columns, result, 0, ret);
    return true;
}
