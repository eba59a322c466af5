// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/config/environment.h"

#include "io/pg/row.h"
#include "store/columns.h"

struct environment_row {
    int64_t id;
};

const struct column environment_columns[] = {
    COLUMN(struct environment_row, id, COLUMN_INT),
    {0},
};

void environment_send_find(struct pg *pg, const char *key, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, key);
    pg_send(pg, QUERY_ENVIRONMENT_FIND, &params, fn, arg);
}

int64_t environment_read_id(const PGresult *result)
{
    struct environment_row row = {0};
    if (pg_row_count(result) > 0)
        column_read(environment_columns, result, 0, &row);
    return row.id;
}
