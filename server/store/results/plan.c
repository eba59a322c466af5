// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/results/plan.h"

#include "store/columns.h"

const struct column plan_measure_columns[] = {
    COLUMN_OPTIONAL(struct plan_measure_row, days, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, visitors, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, sampled, COLUMN_INT),
    COLUMN_OPTIONAL(struct plan_measure_row, kind, COLUMN_TEXT),
    COLUMN(struct plan_measure_row, n, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, d, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, nn, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, nd, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, dd, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, converted, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, ww, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, wwn, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, wwnn, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, wwnd, COLUMN_DOUBLE),
    COLUMN(struct plan_measure_row, wwdd, COLUMN_DOUBLE),
    {0},
};

void plan_send_measure(struct pg *pg, int64_t environment_id, const char *metric, pg_answer_fn *fn,
                       void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_text(&params, metric);
    pg_send(pg, QUERY_PLAN_MEASURE, &params, fn, arg);
}

void plan_read_measure(const PGresult *result, struct plan_measure_row *ret)
{
    column_read(plan_measure_columns, result, 0, ret);
}
