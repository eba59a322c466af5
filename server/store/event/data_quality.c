// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/data_quality.h"

#include "sql/queries.h"

void data_quality_send(struct pg *pg, int64_t environment_id, int days, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_int(&params, days);
    pg_send(pg, QUERY_DATA_QUALITY_READ, &params, fn, arg);
}
