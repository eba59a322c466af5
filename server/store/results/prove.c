// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/results/prove.h"

#include "store/columns.h"

const struct column prove_metric_columns[] = {
    COLUMN(struct prove_metric_row, campaign_id, COLUMN_INT),
    COLUMN(struct prove_metric_row, phase, COLUMN_INT),
    COLUMN_OPTIONAL(struct prove_metric_row, metric_id, COLUMN_INT),
    COLUMN_OPTIONAL(struct prove_metric_row, key, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct prove_metric_row, kind, COLUMN_TEXT),
    {0},
};

const struct column prove_unit_columns[] = {
    COLUMN(struct prove_unit_row, unit_id, COLUMN_TEXT),
    COLUMN(struct prove_unit_row, exposed_us, COLUMN_INT),
    COLUMN_OPTIONAL(struct prove_unit_row, metric_id, COLUMN_INT),
    COLUMN_OPTIONAL(struct prove_unit_row, numerator, COLUMN_INT),
    COLUMN_OPTIONAL(struct prove_unit_row, denominator, COLUMN_INT),
    {0},
};

void prove_send_metrics(struct pg *pg, int64_t environment_id, const char *campaign, int64_t phase,
                        pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_text(&params, campaign);
    pg_param_id(&params, phase);
    pg_send(pg, QUERY_PROVE_METRICS, &params, fn, arg);
}

void prove_read_metric(const PGresult *result, int row, struct prove_metric_row *ret)
{
    column_read(prove_metric_columns, result, row, ret);
}

void prove_send_units(struct pg *pg, const struct prove_page *page, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, page->campaign_id);
    pg_param_int(&params, page->phase);
    pg_param_text(&params, page->after);
    pg_param_time(&params, page->since_us);
    pg_param_int(&params, page->units);
    pg_send(pg, QUERY_PROVE_UNITS, &params, fn, arg);
}

void prove_read_unit(const PGresult *result, int row, struct prove_unit_row *ret)
{
    column_read(prove_unit_columns, result, row, ret);
}
