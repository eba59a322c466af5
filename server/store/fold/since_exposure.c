// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/fold/since_exposure.h"

#include "store/columns.h"

const struct column since_exposure_columns[] = {
    COLUMN(struct since_exposure_target, campaign_id, COLUMN_INT),
    COLUMN(struct since_exposure_target, phase, COLUMN_INT),
    COLUMN(struct since_exposure_target, state, COLUMN_TEXT),
    {0},
};

void since_exposure_send_due(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_send(pg, QUERY_SINCE_EXPOSURE_DUE, &params, fn, arg);
}

void since_exposure_read_target(const PGresult *result, int row, struct since_exposure_target *ret)
{
    column_read(since_exposure_columns, result, row, ret);
}

void since_exposure_send_write(struct pg *pg, const struct since_exposure_target *target,
                               pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, target->campaign_id);
    pg_param_int(&params, target->phase);
    pg_param_text(&params, target->state);
    pg_send(pg, QUERY_SINCE_EXPOSURE_WRITE, &params, fn, arg);
}
