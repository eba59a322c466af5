// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/fold/fold.h"

#include "base/mem.h"
#include "store/columns.h"

static const size_t steps[FOLD_CONSUMERS] = {[1] = QUERY_SLICE_STEP, [2] = QUERY_EVENT_HOUR_STEP};

const struct column fold_due_columns[] = {
    COLUMN(struct fold_due_row, consumer, COLUMN_INT),
    COLUMN(struct fold_due_row, slice, COLUMN_INT),
    COLUMN(struct fold_due_row, rest_ms, COLUMN_INT),
    {0},
};

const struct column fold_step_columns[] = {
    COLUMN(struct fold_step_row, row_count, COLUMN_INT),
    COLUMN(struct fold_step_row, visitor_count, COLUMN_INT),
    COLUMN(struct fold_step_row, is_more, COLUMN_BOOL),
    COLUMN(struct fold_step_row, is_held, COLUMN_BOOL),
    COLUMN(struct fold_step_row, is_swept, COLUMN_BOOL),
    {0},
};

const struct column fold_finish_columns[] = {
    {.name = "fold_finish", .kind = COLUMN_VOID},
    {0},
};

bool fold_has_consumer(int64_t consumer)
{
    return consumer > 0 && consumer < FOLD_CONSUMERS;
}

void fold_send_due(struct pg *pg, pg_answer_fn *fn, void *arg)
{
    pg_send(pg, QUERY_FOLD_DUE, NULL, fn, arg);
}

void fold_read_due(const PGresult *result, int row, struct fold_due_row *ret)
{
    column_read(fold_due_columns, result, row, ret);
}

void fold_send_step(struct pg *pg, int consumer, int slice, int event_count, pg_answer_fn *fn,
                    void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    must(fold_has_consumer(consumer));
    pg_param_int(&params, slice);
    pg_param_int(&params, event_count);
    pg_send(pg, steps[consumer], &params, fn, arg);
}

void fold_read_step(const PGresult *result, struct fold_step_row *ret)
{
    column_read(fold_step_columns, result, 0, ret);
}

void fold_send_finish(struct pg *pg, pg_answer_fn *fn, void *arg)
{
    pg_send(pg, QUERY_FOLD_FINISH, NULL, fn, arg);
}
