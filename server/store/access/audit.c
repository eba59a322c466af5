// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/access/audit.h"

#include "store/columns.h"

void audit_send_note(struct pg *pg, const struct audit_note *note, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, note->actor);
    pg_param_id(&params, note->environment_id);
    pg_param_text(&params, note->action);
    pg_param_text(&params, note->resource);
    pg_param_text(&params, note->after);
    pg_send(pg, QUERY_AUDIT_NOTE, &params, fn, arg);
}

static void param_time(struct pg_params *params, int64_t wall_us)
{
    if (wall_us)
        pg_param_time(params, wall_us);
    else
        pg_param_null(params);
}

void audit_send_list(struct pg *pg, const struct audit_question *question, pg_answer_fn *fn,
                     void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, question->environment_id);
    pg_param_bool(&params, question->has_global);
    pg_param_text(&params, question->actor);
    pg_param_text(&params, question->action);
    pg_param_text(&params, question->resource);
    param_time(&params, question->since_us);
    param_time(&params, question->before_us);
    pg_param_id(&params, question->after_us);
    pg_param_id(&params, question->after_id);
    pg_param_int(&params, question->rows);
    pg_send(pg, QUERY_AUDIT_LIST, &params, fn, arg);
}
