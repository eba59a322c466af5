// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/results/uplift.h"

#include "sql/queries.h"

void uplift_send_list(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_send(pg, QUERY_UPLIFT_LIST, &params, fn, arg);
}
