// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/operate/upkeep.h"

#include "store/columns.h"
#include "store/event/visitor_event.h"

struct look_row {
    int64_t day_count;
};

const struct column look_columns[] = {
    COLUMN(struct look_row, day_count, COLUMN_INT),
    {0},
};

struct note_row {
    int64_t note_count;
};

const struct column audit_trim_columns[] = {
    COLUMN(struct note_row, note_count, COLUMN_INT),
    {0},
};

struct partition_row {
    const char *day;
};

const struct column partition_columns[] = {
    COLUMN_OPTIONAL(struct partition_row, day, COLUMN_DATE),
    {0},
};

static const enum query statements[] = {
    [UPKEEP_FOLD] = QUERY_FOLD_TRIM,         [UPKEEP_REJECTED] = QUERY_EVENT_REJECT_TRIM,
    [UPKEEP_JOBS] = QUERY_JOB_TRIM,          [UPKEEP_DISTRIBUTIONS] = QUERY_DISTRIBUTION_QUEUE,
    [UPKEEP_OVERLAPS] = QUERY_OVERLAP_QUEUE, [UPKEEP_SINCE_EXPOSURE] = QUERY_SINCE_EXPOSURE_QUEUE,
};

void upkeep_send(struct pg *pg, enum upkeep which, pg_answer_fn *fn, void *arg)
{
    pg_send(pg, statements[which], NULL, fn, arg);
}

void upkeep_send_partitions(struct pg *pg, int32_t first, int32_t last, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    size_t count = (size_t)(last - first + 1);
    int32_t *days = arena_alloc(arena, count * sizeof(*days));
    for (size_t i = 0; i < count; i++)
        days[i] = first + (int32_t)i;
    visitor_event_send_partitions(pg, days, count, fn, arg);
}

static void send_int(struct pg *pg, enum query query, int64_t value, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, value);
    pg_send(pg, query, &params, fn, arg);
}

void upkeep_send_looks(struct pg *pg, int day_limit, pg_answer_fn *fn, void *arg)
{
    send_int(pg, QUERY_LOOK_CLOSE, day_limit, fn, arg);
}

int upkeep_read_looks(const PGresult *result)
{
    struct look_row row;
    column_read(look_columns, result, 0, &row);
    return (int)row.day_count;
}

void upkeep_send_notes(struct pg *pg, int64_t keep_days, pg_answer_fn *fn, void *arg)
{
    send_int(pg, QUERY_AUDIT_TRIM, keep_days, fn, arg);
}

int upkeep_read_notes(const PGresult *result)
{
    struct note_row row;
    column_read(audit_trim_columns, result, 0, &row);
    return (int)row.note_count;
}

void upkeep_send_forget(struct pg *pg, int64_t keep_days, pg_answer_fn *fn, void *arg)
{
    send_int(pg, QUERY_EVENT_FORGET, keep_days, fn, arg);
}

const char *upkeep_read_forgotten(const PGresult *result)
{
    struct partition_row row;
    column_read(partition_columns, result, 0, &row);
    return row.day;
}
