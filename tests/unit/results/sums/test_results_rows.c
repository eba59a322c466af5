// SPDX-License-Identifier: GPL-3.0-or-later
/* Rows that are walked over, and the same ones where only the parser gets through. */
#include "results/sums/results_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct json_limits limits = {.bytes = 10000, .depth = 40, .nodes = 1000};

static struct results_rows rows_of(struct arena *arena, const char *json)
{
    struct results_rows rows;
    struct fault fault = {0};
    char *text = arena_strdup(arena, json);
    if (results_rows_read(arena, text, &limits, &rows, &fault))
        fail_msg("%s: %s", json, fault.detail);
    /* Nothing of a row stands in its text. */
    memset(text, '#', strlen(text));
    return rows;
}

static void check(const struct results_row *row, const char *value)
{
    assert_int_equal(row->metric, 7);
    assert_string_equal(row->variant, "b");
    assert_string_equal(row->value, value);
    assert_int_equal(row->sums.units, 12345678);
    assert_int_equal(row->sums.crossovers, 3);
    assert_string_equal(row->sums.n, "123456789012345678901234567890");
    assert_string_equal(row->sums.pre.m, "4");
    assert_string_equal(row->sums.pre.dm, "5");
}

static void check_blank(const struct results_row *row)
{
    const char *const texts[] = {row->experience, row->variant, row->dimension,    row->value,
                                 row->day,        row->as_of,   row->other_variant};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_string_equal(texts[i], "");
    assert_int_equal(row->sums.units, 0);
    assert_string_equal(row->sums.nnn, "0");
    assert_string_equal(row->sums.pre.x, "0");
    assert_string_equal(row->sums.pre.nm, "0");
}

#define MEMBERS                                                                                    \
    "\"metric\" : 7, \"variant\" : \"b\", \"units\" : 12345678, \"crossovers\" : 3, "              \
    "\"n\" : \"123456789012345678901234567890\", \"missing\" : \"4\", \"x\" : null, "              \
    "\"dm\" : \"5\", \"value\" : "

static void test_plain(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct results_rows rows = rows_of(arena, "[{" MEMBERS "\"{DE}\"}, \n {}]");
    assert_int_equal(rows.count, 2);
    check(&rows.rows[0], "{DE}");
    assert_string_equal(rows.rows[0].sums.pre.x, "0");
    check_blank(&rows.rows[1]);
    assert_int_equal(rows_of(arena, "[]").count, 0);
}

/* In whatever order. */
static void test_order(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct results_rows rows =
        rows_of(arena, "[{\"dm\":\"5\",\"day\":\"d\",\"nn\":\"2\",\"n\":\"1\"}]");
    assert_string_equal(rows.rows[0].day, "d");
    assert_string_equal(rows.rows[0].sums.n, "1");
    assert_string_equal(rows.rows[0].sums.nn, "2");
    assert_string_equal(rows.rows[0].sums.pre.dm, "5");
}

static void test_parsed(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct results_rows rows =
        rows_of(arena, "[{" MEMBERS "\"17\\\" \\u00e9\"}, {}, {\"n\" : 5, \"other\" : [1e3]}]");
    assert_int_equal(rows.count, 3);
    check(&rows.rows[0], "17\" \xc3\xa9");
    check_blank(&rows.rows[1]);
    check_blank(&rows.rows[2]);
    assert_string_equal(rows.rows[2].sums.n, "0");
}

static void test_broken(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "[", "[{]", "[{\"n\":\"1\"},]", "[{\"n\":\"1\"}] x"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        auto_arena struct arena *arena = arena_new(0);
        struct results_rows rows;
        struct fault fault;
        assert_int_equal(
            results_rows_read(arena, arena_strdup(arena, texts[i]), &limits, &rows, &fault),
            ERR_INTERNAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_parsed),
        cmocka_unit_test(test_broken),
    };
    json_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
