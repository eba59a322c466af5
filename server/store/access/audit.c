// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/access/audit.h"

#include "store/columns.h"

void audit_send_note(struct pg *pg, const struct audit_note *note, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, note->actor);
    if (note->environment_id)
        pg_param_int(&params, note->environment_id);
    else
        pg_param_null(&params);
    pg_param_text(&params, note->action);
    pg_param_text(&params, note->resource);
    pg_param_text(&params, note->after);
    pg_send(pg, QUERY_AUDIT_NOTE, &params, fn, arg);
}
