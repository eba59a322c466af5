// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/live.h"

#include "sql/queries.h"

void live_send_list(struct pg *pg, const struct live_question *q, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, q->environment_id);
    pg_param_text(&params, q->visitor_id);
    pg_param_text(&params, q->kept_visitor);
    pg_param_text(&params, q->name);
    pg_param_text(&params, q->kept_name);
    pg_param_bool(&params, q->is_uncounted);
    pg_param_int(&params, q->rows);
    pg_send(pg, QUERY_LIVE_LIST, &params, fn, arg);
}
