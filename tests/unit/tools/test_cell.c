// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/csv/cell.h"

#include <string.h>

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"1", "1"},      {"0", "0"},
        {"007", "7"},    {"+1.50", "1.50"},
        {"-.5", "-0.5"}, {"5.", "5"},
        {"2e3", "2e3"},  {"1.5E-7", "1.5e-7"},
        {" 12 ", "12"},  {"00.10", "0.10"},
        {"-0", "-0"},    {"12345678901234567890.12", "12345678901234567890.12"},
        {"", NULL},      {".", NULL},
        {"-", NULL},     {"1,5", NULL},
        {"1 5", NULL},   {"0x10", NULL},
        {"nan", NULL},   {"1e", NULL},
        {"1e+", NULL},   {"--1", NULL},
        {"1.2.3", NULL}, {"1$", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf out = {0};
        buf_add_str(&out, "");
        assert_int_equal(cell_add_number(&out, cases[i].text), cases[i].json != NULL);
        assert_string_equal(out.data, cases[i].json ? cases[i].json : "");
        buf_done(&out);
    }
}

static void test_counts(void **state)
{
    (void)state;
    int64_t value = -1;
    assert_true(cell_count(" 12 ", 12, &value));
    assert_int_equal(value, 12);
    assert_false(cell_count("13", 12, &value));
    assert_false(cell_count("-1", 12, &value));
    assert_true(cell_count("6.0", 12, &value));
    assert_int_equal(value, 6);
    assert_true(cell_count("7e0", 12, &value));
    assert_int_equal(value, 7);
    assert_true(cell_count("0.0", 12, &value));
    assert_int_equal(value, 0);
    assert_false(cell_count("1.5", 12, &value));
    assert_false(cell_count(".5", 12, &value));
    assert_false(cell_count("12.01", 12, &value));
    assert_false(cell_count("-1.0", 12, &value));
    assert_false(cell_count("6,0", 12, &value));
    assert_false(cell_count("", 12, &value));
    assert_false(cell_count("99999999999999999999", INT64_MAX, &value));
}

static const struct {
    const char *text, *format;
    int64_t us; /* -1: refused */
} times[] = {
    {"1970-01-02", NULL, INT64_C(86400000000)},
    {"1970-01-02T00:00:01Z", NULL, INT64_C(86401000000)},
    {"1970-01-02 00:00:01", NULL, INT64_C(86401000000)},
    {"1970-01-02 00:01", NULL, INT64_C(86460000000)},
    {"1970-01-02 00:1", NULL, -1},
    {"1970-01-02T00:00:01", NULL, INT64_C(86401000000)},
    {"1970-01-02 00:00:01.5+00:00", NULL, INT64_C(86401500000)},
    {" 1970-01-02 ", NULL, INT64_C(86400000000)},
    {"25570,5", NULL, INT64_C(129600000000)},
    {"02.01.1970", NULL, INT64_C(86400000000)},
    {"2.1.1970 0:01", NULL, INT64_C(86460000000)},
    {"02.01.1970 00:00:00.5", NULL, INT64_C(86400500000)},
    {"02.01.1970 01:00:00+01:00", NULL, INT64_C(86400000000)},
    {"02/01/1970", NULL, INT64_C(86400000000)},
    {"02/01/1970", "dmy", INT64_C(86400000000)},
    {"01/02/1970", "mdy", INT64_C(86400000000)},
    {"1/2/1970 12:01 AM", "mdy", INT64_C(86460000000)},
    {"1/1/1970 2:00 PM", "mdy", INT64_C(50400000000)},
    {"1970-01-02", "mdy", INT64_C(86400000000)},
    {"01/13/1970", "dmy", -1},
    {"02.01.24", NULL, INT64_C(1704153600000000)},
    {"02.01.2", NULL, -1},
    {"31.02.1970", NULL, -1},
    {"86400", "unix", INT64_C(86400000000)},
    {"86400.25", "unix", INT64_C(86400250000)},
    {"86400000", "unix_ms", INT64_C(86400000000)},
    {"02/01/1970 00:00", "%d/%m/%Y %H:%M", INT64_C(86400000000)},
    {"1970-01-02 01:00 +0100", "%Y-%m-%d %H:%M %z", INT64_C(86400000000)},
    {"1970-01-02 00:00:00+00", NULL, INT64_C(86400000000)},
    {"1970-01-02 00:00:00.123456+00", NULL, INT64_C(86400123456)},
    {"1970-01-02 02:00:00+02", NULL, INT64_C(86400000000)},
    {"1970-01-02 05:30:00+0530", NULL, INT64_C(86400000000)},
    {"1970-01-02T00:00:00+0000", NULL, INT64_C(86400000000)},
    {"1970-01-01T19:00:00.5-0500", NULL, INT64_C(86400500000)},
    {"1970-01-02 01:00:00 +0100", NULL, INT64_C(86400000000)},
    {"1970-01-02 01:00:00 +01:00", NULL, INT64_C(86400000000)},
    {"1970-01-02 00:00:00 UTC", NULL, INT64_C(86400000000)},
    {"1970-01-02 00:00:00.25 UTC", NULL, INT64_C(86400250000)},
    {"1970-01-02 00:01 UTC", NULL, INT64_C(86460000000)},
    {"25570", NULL, INT64_C(86400000000)},
    {"25570.5", NULL, INT64_C(129600000000)},
    {"45292.75", NULL, INT64_C(1704132000000000)},
    {"1704132000", NULL, INT64_C(1704132000000000)},
    {"1704132000.25", NULL, INT64_C(1704132000250000)},
    {"1704132000123", NULL, INT64_C(1704132000123000)},
    {"1704132000123456", NULL, INT64_C(1704132000123456)},
    {"17", NULL, -1},
    {"20240131", NULL, -1},
    {"1970-01-02 00:00:00 CET", NULL, -1},
    {"1970-01-02 00:00:00+1", NULL, -1},
    {"1970-01-02 00:00:00+00:0", NULL, -1},
    {"1970-01-02 UTC", NULL, -1},
    {"", NULL, -1},
    {"yesterday", NULL, -1},
    {"1970-02-30", NULL, -1},
    {"1970-01-02x", NULL, -1},
    {"-1", "unix", -1},
    {"12h", "unix", -1},
    {"02/13/1970", "%d/%m/%Y", -1},
    {"02/01/1970 x", "%d/%m/%Y", -1},
};

static void test_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        int64_t us = -1;
        assert_int_equal(cell_time(times[i].text, times[i].format, &us), times[i].us >= 0);
        assert_int_equal(us, times[i].us);
    }
}

static void test_same(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
        bool is_same;
    } cases[] = {
        {"1", "1", true},      {"1.0", "1", true},    {"1", "1.0", true},   {"1.00", "1.0", true},
        {"yes", "yes", true},  {"", "", true},        {"1.5", "1", false},  {"1.", "1", false},
        {"01", "1", false},    {"10", "1", false},    {"1.0x", "1", false}, {"", "0", false},
        {"0.0", "0", true},    {"Yes", "yes", false}, {"1,0", "1", true},   {"1,00", "1.0", true},
        {"1,000", "1", false}, {"1,5", "1", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(cell_is(cases[i].text, cases[i].wanted), cases[i].is_same);
}

static void test_truth(void **state)
{
    (void)state;
    static const char *const yes[] = {"1", "true", "TRUE", "Yes", "y",   "t",  "ja",
                                      "J", "WAHR", "3",    "1.0", "0.5", " 1 "};
    static const char *const no[] = {"",  "0",    "0.0",    "false", "No", "n",
                                     "F", "nein", "FALSCH", "-1",    " "};
    static const char *const neither[] = {"maybe", "1x", "yes!",    "-",   "n/a",
                                          "on",    "tr", "trueish", "1,5", "NULL"};
    bool is_true;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        assert_true(cell_truth(yes[i], &is_true) && is_true);
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        assert_true(cell_truth(no[i], &is_true) && !is_true);
    for (size_t i = 0; i < sizeof(neither) / sizeof(neither[0]); i++)
        assert_false(cell_truth(neither[i], &is_true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers),
                                       cmocka_unit_test(test_counts), cmocka_unit_test(test_times),
                                       cmocka_unit_test(test_same), cmocka_unit_test(test_truth)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
