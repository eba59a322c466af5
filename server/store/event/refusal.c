// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/refusal.h"

#include "sql/queries.h"

#include <string.h>

void refusal_send_add(struct pg *pg, int writer, const struct refusal_count *list, size_t count,
                      pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct pg_array *environments = pg_array_new(arena, PG_INT4, count),
                    *reasons = pg_array_new(arena, PG_TEXT, count),
                    *names = pg_array_new(arena, PG_TEXT, count),
                    *counts = pg_array_new(arena, PG_INT8, count);
    for (size_t i = 0; i < count; i++) {
        pg_array_int(environments, list[i].environment_id);
        pg_array_text(reasons, list[i].reason, strlen(list[i].reason));
        pg_array_text(names, list[i].name, strlen(list[i].name));
        pg_array_int(counts, list[i].count);
    }
    pg_param_int(&params, writer);
    pg_param_array(&params, environments);
    pg_param_array(&params, reasons);
    pg_param_array(&params, names);
    pg_param_array(&params, counts);
    pg_send(pg, QUERY_REFUSAL_ADD, &params, fn, arg);
}

void refusal_send_list(struct pg *pg, const struct refusal_question *q, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, q->environment_id);
    pg_param_int(&params, q->days);
    pg_param_int(&params, q->samples);
    pg_send(pg, QUERY_REFUSAL_LIST, &params, fn, arg);
}
