// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "io/pg/pg.h"
#include "unit/lib/pg_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static PGconn *conn;

static const char *const type_names[] = {
    [PG_TEXT] = "text",   [PG_UUID] = "uuid",   [PG_DATE] = "date",
    [PG_INT4] = "int4",   [PG_INT8] = "int8",   [PG_TIMESTAMPTZ] = "timestamptz",
    [PG_JSONB] = "jsonb", [PG_BYTEA] = "bytea",
};

/* The server's view of the parameters must be this one text. */
static void check(const struct pg_params *p, const char *sql, const char *wanted)
{
    PGresult *r = PQexecParams(conn, sql, p->count, NULL, p->values, p->lengths, p->formats, 0);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQresultErrorMessage(r));
    assert_string_equal(PQgetvalue(r, 0, 0), wanted);
    PQclear(r);
}

static void check_array(struct arena *arena, struct pg_array *a, enum pg_element kind,
                        const char *wanted)
{
    struct pg_params p = {.arena = arena};
    pg_param_array(&p, a);
    char sql[256];
    snprintf(sql, sizeof(sql),
             "select cardinality(x) || ':' || coalesce(string_agg(coalesce(e::text, 'null'), '|'"
             " order by n) filter (where n is not null), '') from (select $1::%s[]) as v(x)"
             " left join unnest(x) with ordinality as u(e, n) on true group by x",
             type_names[kind]);
    check(&p, sql, wanted);
}

static void single_values_arrive(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params p = {.arena = arena};
    pg_param_null(&p);
    pg_param_text(&p, "O'Hara");
    pg_param_text(&p, "abc");
    pg_param_int(&p, INT64_MIN);
    pg_param_bool(&p, true);
    pg_param_bool(&p, false);
    pg_param_time(&p, INT64_C(1769860800123456));
    pg_param_time(&p, -1);
    pg_param_bytes(&p, "\0\xff", 2);
    pg_param_text(&p, NULL);
    check(&p,
          "select concat_ws(' ', $1::text is null, $2::text, $3::text, $4::bigint, $5::bool,"
          " $6::bool, $7::timestamptz, $8::timestamptz, $9::bytea, $10::text is null)",
          "t O'Hara abc -9223372036854775808 t f 2026-01-31 12:00:00.123456+00"
          " 1969-12-31 23:59:59.999999+00 \\x00ff t");
}

static void empty_arrays_arrive(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    for (enum pg_element kind = PG_TEXT; kind <= PG_BYTEA; kind++)
        check_array(arena, pg_array_new(arena, kind, 0), kind, "0:");
}

static void texts_arrive(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_array *a = pg_array_new(arena, PG_TEXT, 1);
    pg_array_text(a, "a\"{,}\\", 6);
    pg_array_text(a, "", 0);
    pg_array_text(a, "née", 4);
    check_array(arena, a, PG_TEXT, "3:a\"{,}\\||née");

    a = pg_array_new(arena, PG_JSONB, 0);
    pg_array_text(a, "{\"b\": 1,\"a\":[null]}", 19);
    check_array(arena, a, PG_JSONB, "1:{\"a\": [null], \"b\": 1}");

    a = pg_array_new(arena, PG_BYTEA, 0);
    pg_array_text(a, "\0\x01\xff", 3);
    pg_array_text(a, "", 0);
    check_array(arena, a, PG_BYTEA, "2:\\x0001ff|\\x");
}

static void numbers_arrive(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_array *a = pg_array_new(arena, PG_INT4, 3);
    pg_array_int(a, INT32_MIN);
    pg_array_int(a, INT32_MAX);
    check_array(arena, a, PG_INT4, "2:-2147483648|2147483647");

    a = pg_array_new(arena, PG_INT8, 0);
    pg_array_int(a, INT64_MIN);
    pg_array_int(a, INT64_MAX);
    check_array(arena, a, PG_INT8, "2:-9223372036854775808|9223372036854775807");
}

static void times_arrive(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_array *a = pg_array_new(arena, PG_DATE, 3);
    pg_array_int(a, 0);
    pg_array_int(a, clock_day(INT64_C(1769860800000000)));
    pg_array_int(a, -1);
    check_array(arena, a, PG_DATE, "3:1970-01-01|2026-01-31|1969-12-31");

    a = pg_array_new(arena, PG_TIMESTAMPTZ, 2);
    pg_array_time(a, 0);
    pg_array_time(a, INT64_C(1769860800123456));
    check_array(arena, a, PG_TIMESTAMPTZ, "2:1970-01-01 00:00:00+00|2026-01-31 12:00:00.123456+00");
}

static void uuids_arrive(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    static const uint8_t id[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                   0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
    struct pg_array *a = pg_array_new(arena, PG_UUID, 2);
    pg_array_uuid(a, id);
    check_array(arena, a, PG_UUID, "1:01234567-89ab-cdef-fedc-ba9876543210");
}

enum { MANY = 100000 };

/* The i-th element of a long array. */
static void add_element(struct pg_array *a, enum pg_element kind, int i)
{
    char text[32];
    uint8_t id[16] = {(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
    if (kind == PG_TEXT || kind == PG_JSONB || kind == PG_BYTEA)
        pg_array_text(a, text, (size_t)snprintf(text, sizeof(text), "%d", i));
    else if (kind == PG_UUID)
        pg_array_uuid(a, id);
    else if (kind == PG_TIMESTAMPTZ)
        pg_array_time(a, i * SECOND_US);
    else
        pg_array_int(a, i);
}

/* What the server itself makes of the same numbers. */
static const char *const same_element[] = {
    [PG_TEXT] = "i::text",
    [PG_UUID] = "(lpad(to_hex(i), 6, '0') || repeat('0', 26))::uuid",
    [PG_DATE] = "date '1970-01-01' + i",
    [PG_INT4] = "i",
    [PG_INT8] = "i::int8",
    [PG_TIMESTAMPTZ] = "to_timestamp(i)",
    [PG_JSONB] = "to_jsonb(i)",
    [PG_BYTEA] = "i::text::bytea",
};

static void long_arrays_arrive(void **state)
{
    (void)state;
    for (enum pg_element kind = PG_TEXT; kind <= PG_BYTEA; kind++) {
        auto_arena struct arena *arena = arena_new(0);
        struct pg_params p = {.arena = arena};
        struct pg_array *a = pg_array_new(arena, kind, kind % 2 ? MANY : 0);
        for (int i = 0; i < MANY; i++)
            add_element(a, kind, i);
        pg_param_array(&p, a);
        char sql[512];
        snprintf(sql, sizeof(sql),
                 "select $1::%s[] = array_agg(%s order by i)"
                 " from generate_series(0, %d) as i",
                 type_names[kind], same_element[kind], MANY - 1);
        check(&p, sql, "t");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_values_arrive), cmocka_unit_test(empty_arrays_arrive),
        cmocka_unit_test(texts_arrive),         cmocka_unit_test(numbers_arrive),
        cmocka_unit_test(times_arrive),         cmocka_unit_test(uuids_arrive),
        cmocka_unit_test(long_arrays_arrive),
    };
    pg_harness_start();
    conn = pg_harness_connect(pg_harness_database("params"));
    PQclear(PQexec(conn, "set time zone 'UTC'"));
    int failed_count = cmocka_run_group_tests(tests, NULL, NULL);
    PQfinish(conn);
    return failed_count;
}
