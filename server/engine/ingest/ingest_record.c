// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_record.h"

#include "base/mem.h"

#include <endian.h>
#include <string.h>

/* Little-endian: version, environment, day, marks, ts, id, three lengths, three NUL-ended texts. */
#define VERSION    1
#define HEAD_BYTES (1 + 4 + 4 + 4 + 8 + 16 + 3 * 4)

static void add32(struct buf *b, uint32_t value)
{
    uint32_t wire = htole32(value);
    buf_add(b, &wire, sizeof(wire));
}

static void add64(struct buf *b, uint64_t value)
{
    uint64_t wire = htole64(value);
    buf_add(b, &wire, sizeof(wire));
}

void ingest_record_add(struct buf *b, const struct ingest_row *row)
{
    const struct visitor_event *e = &row->request->events[row->index];
    size_t visitor_length = strlen(e->visitor_id), name_length = strlen(e->name);
    buf_add_char(b, VERSION);
    add32(b, (uint32_t)row->request->environment_id);
    add32(b, (uint32_t)e->day);
    add32(b, (uint32_t)e->marks);
    add64(b, (uint64_t)e->ts_us);
    buf_add(b, e->id.bytes, sizeof(e->id.bytes));
    add32(b, (uint32_t)visitor_length);
    add32(b, (uint32_t)name_length);
    add32(b, (uint32_t)e->properties_length);
    buf_add(b, e->visitor_id, visitor_length + 1);
    buf_add(b, e->name, name_length + 1);
    buf_add(b, e->properties, e->properties_length + 1);
}

struct reader {
    const char *at, *end;
};

static uint32_t take32(struct reader *r)
{
    uint32_t wire;
    memcpy(&wire, r->at, sizeof(wire));
    r->at += sizeof(wire);
    return le32toh(wire);
}

static uint64_t take64(struct reader *r)
{
    uint64_t wire;
    memcpy(&wire, r->at, sizeof(wire));
    r->at += sizeof(wire);
    return le64toh(wire);
}

/* NULL when it is not there whole, with the NUL at its end and none before. */
static const char *take_text(struct reader *r, size_t length)
{
    const char *text = r->at;
    if ((size_t)(r->end - r->at) <= length || memchr(text, '\0', length + 1) != text + length)
        return NULL;
    r->at += length + 1;
    return text;
}

static bool take_event(struct reader *r, struct visitor_event *ret, int *ret_environment)
{
    if (r->end - r->at < HEAD_BYTES || *r->at++ != VERSION)
        return false;
    *ret_environment = (int)take32(r);
    ret->day = (int32_t)take32(r);
    ret->marks = (int)take32(r);
    ret->ts_us = (int64_t)take64(r);
    memcpy(ret->id.bytes, r->at, sizeof(ret->id.bytes));
    r->at += sizeof(ret->id.bytes);
    size_t visitor_length = take32(r), name_length = take32(r);
    ret->properties_length = take32(r);
    ret->visitor_id = take_text(r, visitor_length);
    ret->name = ret->visitor_id ? take_text(r, name_length) : NULL;
    ret->properties = ret->name ? take_text(r, ret->properties_length) : NULL;
    return ret->properties != NULL;
}

/* How many events and how many runs of one environment; false when the bytes are wrong. */
static bool count(struct reader r, size_t *ret_events, size_t *ret_runs)
{
    struct visitor_event event;
    int environment, before = 0;
    *ret_events = *ret_runs = 0;
    while (r.at < r.end) {
        if (!take_event(&r, &event, &environment))
            return false;
        *ret_runs += *ret_events == 0 || environment != before;
        before = environment;
        ++*ret_events;
    }
    return true;
}

struct ingest_request *ingest_record_read(struct arena *arena, const void *bytes, size_t length,
                                          size_t *ret_count)
{
    struct reader r = {bytes, (const char *)bytes + length};
    size_t event_count, run_count;
    if (!count(r, &event_count, &run_count))
        return NULL;
    struct visitor_event *events = arena_alloc(arena, event_count * sizeof(*events));
    struct ingest_request *runs = arena_zalloc(arena, run_count * sizeof(*runs)), *run = runs;
    for (size_t i = 0; i < event_count; i++) {
        int environment;
        must(take_event(&r, &events[i], &environment));
        if (i > 0 && environment != run->environment_id)
            run++;
        if (run->count++ == 0)
            run->events = &events[i];
        run->environment_id = environment;
    }
    for (size_t i = 0; i < run_count; i++) {
        runs[i].arena = arena;
        runs[i].statuses = arena_zalloc(arena, runs[i].count * sizeof(*runs[i].statuses));
        runs[i].refusals = arena_zalloc(arena, runs[i].count * sizeof(*runs[i].refusals));
    }
    *ret_count = run_count;
    return runs;
}
