// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/fold/overlap.h"

#include "store/columns.h"

const struct column overlap_columns[] = {
    COLUMN(struct overlap_target, campaign_id, COLUMN_INT),
    COLUMN(struct overlap_target, phase, COLUMN_INT),
    COLUMN(struct overlap_target, metric_id, COLUMN_INT),
    COLUMN(struct overlap_target, last_day, COLUMN_DATE),
    COLUMN(struct overlap_target, state, COLUMN_TEXT),
    {0},
};

void overlap_send_due(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_send(pg, QUERY_OVERLAP_DUE, &params, fn, arg);
}

void overlap_read_target(const PGresult *result, int row, struct overlap_target *ret)
{
    column_read(overlap_columns, result, row, ret);
}

void overlap_send_write(struct pg *pg, const struct overlap_target *target, pg_answer_fn *fn,
                        void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, target->campaign_id);
    pg_param_int(&params, target->phase);
    pg_param_int(&params, target->metric_id);
    pg_param_text(&params, target->last_day);
    pg_param_text(&params, target->state);
    pg_send(pg, QUERY_OVERLAP_WRITE, &params, fn, arg);
}
