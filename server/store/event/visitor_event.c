// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/visitor_event.h"

#include "model/bucket.h"
#include "store/columns.h"
#include "store/event/visitor_event_private.h"

#include <string.h>

enum { SLICE, VISITOR, ID, DAY, ENVIRONMENT, NAME, TIME, PROPERTIES, MARKS, ARRAYS };

struct visitor_event_rows {
    uint32_t slices;
    struct pg_array *arrays[ARRAYS];
};

struct stored_row {
    int64_t seq;
};

const struct column visitor_event_columns[] = {
    COLUMN(struct stored_row, seq, COLUMN_INT),
    {0},
};

const struct column visitor_event_partition_columns[] = {
    {.name = "visitor_event_partition", .kind = COLUMN_VOID},
    {0},
};

struct visitor_event_rows *visitor_event_rows_new(struct arena *arena, size_t count, int slices)
{
    static const enum pg_element kinds[ARRAYS] = {
        [SLICE] = PG_INT4,       [VISITOR] = PG_TEXT,     [ID] = PG_UUID,
        [DAY] = PG_DATE,         [ENVIRONMENT] = PG_INT4, [NAME] = PG_TEXT,
        [TIME] = PG_TIMESTAMPTZ, [PROPERTIES] = PG_JSONB, [MARKS] = PG_INT4,
    };
    struct visitor_event_rows *rows = arena_zalloc(arena, sizeof(*rows));
    rows->slices = (uint32_t)slices;
    for (int i = 0; i < ARRAYS; i++)
        rows->arrays[i] = pg_array_new(arena, kinds[i], count);
    return rows;
}

/* The slice is that of slice_of() in sql/functions/event/slice.sql. */
void visitor_event_rows_add(struct visitor_event_rows *rows, const struct visitor_event *event,
                            int environment_id)
{
    struct pg_array *const *arrays = rows->arrays;
    size_t length = strlen(event->visitor_id);
    pg_array_int(arrays[SLICE], bucket_fnv1a(event->visitor_id, length) % rows->slices);
    pg_array_text(arrays[VISITOR], event->visitor_id, length);
    pg_array_uuid(arrays[ID], event->id.bytes);
    pg_array_int(arrays[DAY], event->day);
    pg_array_int(arrays[ENVIRONMENT], environment_id);
    pg_array_text(arrays[NAME], event->name, strlen(event->name));
    pg_array_time(arrays[TIME], event->ts_us);
    pg_array_text(arrays[PROPERTIES], event->properties, event->properties_length);
    pg_array_int(arrays[MARKS], event->marks);
}

void visitor_event_param_rows(struct pg_params *params, struct visitor_event_rows *rows)
{
    for (int i = 0; i < ARRAYS; i++)
        pg_param_array(params, rows->arrays[i]);
}

void visitor_event_send_insert(struct pg *pg, struct visitor_event_rows *rows, int writer,
                               int64_t seq, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    visitor_event_param_rows(&params, rows);
    pg_param_int(&params, writer);
    pg_param_int(&params, seq);
    pg_send(pg, QUERY_EVENT_INSERT, &params, fn, arg);
}

int64_t visitor_event_read_stored(const PGresult *result, int row)
{
    struct stored_row stored;
    column_read(visitor_event_columns, result, row, &stored);
    return stored.seq;
}

void visitor_event_send_partitions(struct pg *pg, const int32_t *days, size_t count,
                                   pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct pg_array *array = pg_array_new(arena, PG_DATE, count);
    for (size_t i = 0; i < count; i++)
        pg_array_int(array, days[i]);
    pg_param_array(&params, array);
    pg_send(pg, QUERY_EVENT_PARTITIONS, &params, fn, arg);
}
