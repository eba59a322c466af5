// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/visitor.h"

#include "sql/queries.h"

void visitor_send_read(struct pg *pg, int64_t environment_id, const char *visitor_id,
                       pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_text(&params, visitor_id);
    pg_send(pg, QUERY_VISITOR_READ, &params, fn, arg);
}

void visitor_send_events(struct pg *pg, const struct visitor_page *page, pg_answer_fn *fn,
                         void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, page->environment_id);
    pg_param_text(&params, page->visitor_id);
    if (page->event_id)
        pg_param_int(&params, page->ts_us);
    else
        pg_param_null(&params);
    pg_param_text(&params, page->event_id);
    pg_param_int(&params, page->rows);
    pg_send(pg, QUERY_VISITOR_EVENTS, &params, fn, arg);
}

void visitor_send_exclusion(struct pg *pg, const struct visitor_exclusion *exclusion,
                            pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, exclusion->actor);
    pg_param_int(&params, exclusion->environment_id);
    pg_param_text(&params, exclusion->visitor_id);
    if (exclusion->reason)
        pg_param_text(&params, exclusion->reason);
    pg_send(pg, exclusion->reason ? QUERY_VISITOR_EXCLUDE : QUERY_VISITOR_INCLUDE, &params, fn,
            arg);
}
