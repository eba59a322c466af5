// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/results/results.h"

#include "store/columns.h"

const struct column results_columns[] = {
    COLUMN(struct results_texts, head, COLUMN_JSON),
    COLUMN(struct results_texts, metrics, COLUMN_JSON),
    COLUMN(struct results_texts, sums, COLUMN_JSON),
    COLUMN(struct results_texts, looks, COLUMN_JSON),
    COLUMN(struct results_texts, has_dimension, COLUMN_BOOL),
    {0},
};

void results_send(struct pg *pg, const struct results_query *query, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, query->environment_id);
    pg_param_text(&params, query->campaign);
    pg_param_id(&params, query->phase);
    pg_param_text(&params, query->dimension);
    pg_send(pg, QUERY_RESULTS_READ, &params, fn, arg);
}

bool results_read_texts(const PGresult *result, struct results_texts *ret)
{
    if (pg_row_count(result) == 0)
        return false;
    column_read(results_columns, result, 0, ret);
    return true;
}
