// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/audience.h"

#include "io/pg/row.h"
#include "store/columns.h"

const struct column audience_columns[] = {
    COLUMN(struct audience_row, weight, COLUMN_DOUBLE),
    COLUMN(struct audience_row, attributes, COLUMN_JSON),
    {0},
};

void audience_send(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_send(pg, QUERY_AUDIENCE_SAMPLE, &params, fn, arg);
}

int audience_count(const PGresult *result)
{
    return pg_row_count(result);
}

void audience_read(const PGresult *result, int row, struct audience_row *ret)
{
    column_read(audience_columns, result, row, ret);
}
