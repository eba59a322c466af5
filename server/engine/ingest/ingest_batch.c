// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_batch.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const struct visitor_event *event_of(const struct ingest_row *row)
{
    return &row->request->events[row->index];
}

void ingest_row_finish(struct ingest_row *row, enum ingest_status status, enum err err)
{
    struct ingest_request *request = row->request;
    request->statuses[row->index] = status;
    if (err)
        request->err = err;
    if (--request->waiting == 0)
        request->fn(request, request->err);
}

void ingest_batch_done(struct ingest_batch *b)
{
    mem_free(b->rows);
    *b = (struct ingest_batch){0};
}

void ingest_batch_clear(struct ingest_batch *b)
{
    b->count = 0;
    b->bytes = 0;
    b->part_count = 0;
}

static void reserve(struct ingest_batch *b, size_t count)
{
    if (count <= b->capacity)
        return;
    b->capacity = count < 2 * b->capacity ? 2 * b->capacity : count;
    b->rows = mem_realloc(b->rows, b->capacity * sizeof(*b->rows));
}

void ingest_batch_add(struct ingest_batch *b, struct ingest_request *request, size_t index)
{
    reserve(b, b->count + 1);
    b->rows[b->count] = (struct ingest_row){.request = request, .index = index};
    b->bytes += event_of(&b->rows[b->count++])->properties_length;
}

/* The order is PostgreSQL's of (visitor_id collate "C", event_id). */
static int compare_rows(const void *a, const void *b)
{
    const struct visitor_event *x = event_of(a), *y = event_of(b);
    int order = strcmp(x->visitor_id, y->visitor_id);
    if (order == 0)
        order = memcmp(x->id.bytes, y->id.bytes, sizeof(x->id.bytes));
    size_t first = ((const struct ingest_row *)a)->arrival,
           second = ((const struct ingest_row *)b)->arrival;
    return order ? order : (first > second) - (first < second);
}

/* How many of the first rows fit; *bytes becomes what they make up. */
static size_t count_fitting(const struct ingest_batch *b, size_t count, size_t *bytes)
{
    size_t n = 0, sum = 0;
    for (; n < b->count && n < count; n++) {
        size_t length = event_of(&b->rows[n])->properties_length;
        if (n > 0 && sum + length > *bytes)
            break;
        sum += length;
    }
    *bytes = sum;
    return n;
}

void ingest_batch_take(struct ingest_batch *b, struct ingest_batch *other, size_t count,
                       size_t bytes)
{
    ingest_batch_clear(b);
    count = count_fitting(other, count, &bytes);
    if (count) {
        reserve(b, count);
        memcpy(b->rows, other->rows, count * sizeof(*b->rows));
        for (size_t i = 0; i < count; i++)
            b->rows[i].arrival = i;
        qsort(b->rows, count, sizeof(*b->rows), compare_rows);
        other->count -= count;
        other->bytes -= bytes;
        memmove(other->rows, other->rows + count, other->count * sizeof(*other->rows));
    }
    b->count = count;
    b->bytes = bytes;
    b->parts[0] = (struct ingest_part){.from = 0, .to = count, .seq = -1};
    b->part_count = count > 0;
}

bool ingest_batch_has_part(const struct ingest_batch *b)
{
    return b->part_count > 0;
}

struct ingest_part *ingest_batch_part(struct ingest_batch *b)
{
    must(b->part_count > 0);
    return &b->parts[b->part_count - 1];
}

bool ingest_batch_pop(struct ingest_batch *b, struct ingest_part *ret)
{
    if (b->part_count == 0)
        return false;
    *ret = b->parts[--b->part_count];
    return true;
}

void ingest_batch_halve(struct ingest_batch *b)
{
    struct ingest_part part;
    must(ingest_batch_pop(b, &part) && part.to - part.from > 1);
    must(b->part_count + 2 <= sizeof(b->parts) / sizeof(b->parts[0]));
    size_t middle = part.from + (part.to - part.from) / 2;
    b->parts[b->part_count++] = (struct ingest_part){.from = middle, .to = part.to, .seq = -1};
    b->parts[b->part_count++] = (struct ingest_part){.from = part.from, .to = middle, .seq = -1};
}

struct visitor_event_rows *ingest_batch_rows(const struct ingest_batch *b,
                                             const struct ingest_part *part, int slices,
                                             struct arena *arena)
{
    struct visitor_event_rows *rows = visitor_event_rows_new(arena, part->to - part->from, slices);
    for (size_t i = part->from; i < part->to; i++)
        visitor_event_rows_add(rows, event_of(&b->rows[i]), b->rows[i].request->environment_id);
    return rows;
}

static int compare_days(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

const int32_t *ingest_batch_days(const struct ingest_batch *b, const struct ingest_part *part,
                                 struct arena *arena, size_t *ret_count)
{
    size_t count = part->to - part->from, kept = 0;
    int32_t *days = arena_alloc(arena, count * sizeof(*days));
    for (size_t i = 0; i < count; i++)
        days[i] = event_of(&b->rows[part->from + i])->day;
    qsort(days, count, sizeof(*days), compare_days);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || days[i] != days[i - 1])
            days[kept++] = days[i];
    *ret_count = kept;
    return days;
}

const char *ingest_row_text(const struct ingest_row *row, struct arena *arena)
{
    const struct visitor_event *e = event_of(row);
    char id[UUID_TEXT_SIZE], ts[CLOCK_TEXT_SIZE];
    auto_buf struct buf b = {0};
    uuid_format(&e->id, id);
    clock_format(e->ts_us, ts);
    buf_printf(&b, "{\"event_id\":\"%s\",\"ts\":\"%s\",\"visitor_id\":", id, ts);
    json_add_string(&b, e->visitor_id);
    buf_add_str(&b, ",\"name\":");
    json_add_string(&b, e->name);
    buf_add_str(&b, ",\"properties\":");
    buf_add(&b, e->properties, e->properties_length);
    buf_add_char(&b, '}');
    return arena_strndup(arena, b.data, b.length);
}
