// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/mem.h"
#include "io/pg/pg.h"

#include <endian.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

enum { FORMAT_TEXT, FORMAT_BINARY };

static void add(struct pg_params *p, const char *value, size_t length, int format)
{
    must(p->count < PG_PARAMS && length <= INT_MAX);
    p->values[p->count] = value;
    p->lengths[p->count] = (int)length;
    p->formats[p->count] = format;
    p->count++;
}

void pg_param_null(struct pg_params *p)
{
    add(p, NULL, 0, FORMAT_TEXT);
}

void pg_param_text(struct pg_params *p, const char *s)
{
    add(p, s, 0, FORMAT_TEXT);
}

void pg_param_int(struct pg_params *p, int64_t value)
{
    add(p, arena_printf(p->arena, "%" PRId64, value), 0, FORMAT_TEXT);
}

void pg_param_id(struct pg_params *p, int64_t id)
{
    if (id)
        pg_param_int(p, id);
    else
        pg_param_null(p);
}

void pg_param_bool(struct pg_params *p, bool value)
{
    add(p, value ? "t" : "f", 0, FORMAT_TEXT);
}

void pg_param_time(struct pg_params *p, int64_t wall_us)
{
    uint64_t *wire = arena_alloc(p->arena, sizeof(*wire));
    *wire = htobe64((uint64_t)(wall_us - PG_EPOCH_US));
    add(p, (const char *)wire, sizeof(*wire), FORMAT_BINARY);
}

void pg_param_bytes(struct pg_params *p, const void *bytes, size_t length)
{
    add(p, bytes, length, FORMAT_BINARY);
}

/* The binary form of an array: dimensions, has-nulls flag, element OID, and for one dimension its
 * length and lower bound; then length and bytes of each element. An empty array has no dimension.
 */
enum { EMPTY_HEADER_BYTES = 12, HEADER_BYTES = 20 };

struct pg_array {
    struct arena *arena;
    enum pg_element kind;
    char *data;
    size_t used;
    size_t capacity;
    uint32_t count;
};

static const struct {
    uint32_t oid;
    uint32_t bytes; /* of one element; 0: any */
} elements[] = {
    [PG_TEXT] = {25, 0}, [PG_UUID] = {2950, 16},       [PG_DATE] = {1082, 4},  [PG_INT4] = {23, 4},
    [PG_INT8] = {20, 8}, [PG_TIMESTAMPTZ] = {1184, 8}, [PG_JSONB] = {3802, 0}, [PG_BYTEA] = {17, 0},
};

static char *reserve(struct pg_array *a, size_t extra)
{
    if (extra > a->capacity - a->used) {
        size_t capacity = a->capacity * 2 > a->used + extra ? a->capacity * 2 : a->used + extra;
        char *data = arena_alloc(a->arena, capacity);
        memcpy(data, a->data, a->used);
        a->data = data;
        a->capacity = capacity;
    }
    char *at = a->data + a->used;
    a->used += extra;
    return at;
}

static void put32(char *at, uint32_t value)
{
    uint32_t wire = htobe32(value);
    memcpy(at, &wire, sizeof(wire));
}

/* Room for one element of the given length. */
static char *element(struct pg_array *a, size_t length)
{
    must(length < INT_MAX && a->count < INT_MAX);
    char *at = reserve(a, 4 + length);
    put32(at, (uint32_t)length);
    a->count++;
    return at + 4;
}

struct pg_array *pg_array_new(struct arena *arena, enum pg_element kind, size_t count_hint)
{
    struct pg_array *a = arena_zalloc(arena, sizeof(*a));
    uint32_t bytes = elements[kind].bytes ? elements[kind].bytes : 28;
    a->arena = arena;
    a->kind = kind;
    a->capacity = HEADER_BYTES + count_hint * (4 + bytes);
    a->data = arena_alloc(arena, a->capacity);
    a->used = HEADER_BYTES;
    return a;
}

void pg_array_text(struct pg_array *a, const char *s, size_t length)
{
    must(a->kind == PG_TEXT || a->kind == PG_JSONB || a->kind == PG_BYTEA);
    must(length < INT_MAX);
    size_t version_bytes = a->kind == PG_JSONB;
    char *at = element(a, version_bytes + length);
    if (version_bytes)
        *at++ = 1;
    if (length)
        memcpy(at, s, length);
}

void pg_array_uuid(struct pg_array *a, const uint8_t bytes[16])
{
    must(a->kind == PG_UUID);
    memcpy(element(a, 16), bytes, 16);
}

static void add64(struct pg_array *a, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);
    memcpy(element(a, sizeof(wire)), &wire, sizeof(wire));
}

void pg_array_int(struct pg_array *a, int64_t value)
{
    must(a->kind == PG_INT4 || a->kind == PG_INT8 || a->kind == PG_DATE);
    if (a->kind == PG_INT8) {
        add64(a, value);
        return;
    }
    if (a->kind == PG_DATE)
        value -= PG_EPOCH_US / DAY_US;
    must(value >= INT32_MIN && value <= INT32_MAX);
    put32(element(a, 4), (uint32_t)(int32_t)value);
}

void pg_array_time(struct pg_array *a, int64_t wall_us)
{
    must(a->kind == PG_TIMESTAMPTZ);
    add64(a, wall_us - PG_EPOCH_US);
}

void pg_param_array(struct pg_params *p, struct pg_array *a)
{
    must(a->used <= INT_MAX);
    put32(a->data, a->count ? 1 : 0);
    put32(a->data + 4, 0); /* none is null */
    put32(a->data + 8, elements[a->kind].oid);
    put32(a->data + 12, a->count);
    put32(a->data + 16, 1);
    add(p, a->data, a->count ? a->used : EMPTY_HEADER_BYTES, FORMAT_BINARY);
}
