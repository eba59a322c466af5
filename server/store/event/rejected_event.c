// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/rejected_event.h"

#include "store/columns.h"

#include <string.h>

void rejected_event_send(struct pg *pg, const struct rejected_event *list, size_t count,
                         pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct pg_array *environments = pg_array_new(arena, PG_INT4, count),
                    *reasons = pg_array_new(arena, PG_TEXT, count),
                    *events = pg_array_new(arena, PG_TEXT, count);
    for (size_t i = 0; i < count; i++) {
        pg_array_int(environments, list[i].environment_id);
        pg_array_text(reasons, list[i].reason, strlen(list[i].reason));
        pg_array_text(events, list[i].event, strlen(list[i].event));
    }
    pg_param_array(&params, environments);
    pg_param_array(&params, reasons);
    pg_param_array(&params, events);
    pg_send(pg, QUERY_EVENT_REJECT, &params, fn, arg);
}
