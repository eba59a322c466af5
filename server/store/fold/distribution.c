// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/fold/distribution.h"

#include "store/columns.h"

const struct column distribution_target_columns[] = {
    COLUMN(struct distribution_target, campaign_id, COLUMN_INT),
    COLUMN(struct distribution_target, phase, COLUMN_INT),
    COLUMN(struct distribution_target, metric_id, COLUMN_INT),
    COLUMN(struct distribution_target, is_mean, COLUMN_BOOL),
    COLUMN(struct distribution_target, scale, COLUMN_DOUBLE),
    COLUMN(struct distribution_target, last_day, COLUMN_DATE),
    COLUMN(struct distribution_target, variants, COLUMN_JSON),
    COLUMN(struct distribution_target, confidence, COLUMN_DOUBLE),
    COLUMN(struct distribution_target, state, COLUMN_TEXT),
    COLUMN(struct distribution_target, is_current, COLUMN_BOOL),
    {0},
};

const struct column distribution_value_columns[] = {
    COLUMN(struct distribution_value, value, COLUMN_DOUBLE),
    COLUMN(struct distribution_value, variant, COLUMN_TEXT),
    COLUMN(struct distribution_value, units, COLUMN_INT),
    {0},
};

void distribution_send_start(struct pg *pg, int64_t environment_id, const char *campaign,
                             const char *actor, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_text(&params, campaign);
    pg_param_text(&params, actor);
    pg_send(pg, QUERY_DISTRIBUTION_START, &params, fn, arg);
}

void distribution_send_targets(struct pg *pg, int64_t environment_id, const char *campaign,
                               pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_text(&params, campaign);
    pg_send(pg, QUERY_DISTRIBUTION_TARGETS, &params, fn, arg);
}

void distribution_read_target(const PGresult *result, int row, struct distribution_target *ret)
{
    column_read(distribution_target_columns, result, row, ret);
}

static void param_target(struct pg_params *params, const struct distribution_target *target)
{
    pg_param_int(params, target->campaign_id);
    pg_param_int(params, target->phase);
    pg_param_int(params, target->metric_id);
}

void distribution_send_values(struct pg *pg, const struct distribution_target *target,
                              pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    param_target(&params, target);
    pg_param_bool(&params, target->is_mean);
    pg_param_text(&params, arena_printf(arena, "%.17g", target->scale));
    pg_param_text(&params, target->last_day);
    pg_send(pg, QUERY_DISTRIBUTION_VALUES, &params, fn, arg);
}

void distribution_read_value(const PGresult *result, int row, struct distribution_value *ret)
{
    column_read(distribution_value_columns, result, row, ret);
}

void distribution_send_write(struct pg *pg, const struct distribution_target *target,
                             const char *document, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    param_target(&params, target);
    pg_param_text(&params, target->state);
    pg_param_text(&params, document);
    pg_send(pg, QUERY_DISTRIBUTION_WRITE, &params, fn, arg);
}
