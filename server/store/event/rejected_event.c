// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/rejected_event.h"

#include "store/columns.h"

#include <string.h>

static void add(struct pg_array *array, const char *text)
{
    pg_array_text(array, text, strlen(text));
}

void rejected_event_send(struct pg *pg, const struct rejected_event *list, size_t count,
                         pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct pg_array *environments = pg_array_new(arena, PG_INT4, count), *texts[5];
    for (size_t k = 0; k < 5; k++)
        texts[k] = pg_array_new(arena, PG_TEXT, count);
    for (size_t i = 0; i < count; i++) {
        pg_array_int(environments, list[i].environment_id);
        add(texts[0], list[i].reason);
        add(texts[1], list[i].name);
        add(texts[2], list[i].visitor_id);
        add(texts[3], list[i].detail);
        add(texts[4], list[i].event);
    }
    pg_param_array(&params, environments);
    for (size_t k = 0; k < 5; k++)
        pg_param_array(&params, texts[k]);
    pg_send(pg, QUERY_EVENT_REJECT, &params, fn, arg);
}
