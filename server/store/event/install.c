// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/install.h"

#include "sql/queries.h"

void install_send(struct pg *pg, int64_t environment_id, const char *edge_url, pg_answer_fn *fn,
                  void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_text(&params, edge_url);
    pg_send(pg, QUERY_INSTALL_READ, &params, fn, arg);
}
