// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The expected numbers come from this loop in node:
 *   const f = s => { let h = 0x811c9dc5;
 *     for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193);
 *     return h >>> 0; };
 *   version 2: f(f(seed + unit) + '') % 10000     version 1: f(unit + seed) % 1000
 */
#include "model/bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void hashes_utf16_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t hash;
    } cases[] = {
        {"", UINT32_C(0x811c9dc5)},
        {"a", UINT32_C(0xe40c292c)},
        {"foobar", UINT32_C(0xbf9cf968)},
        {"Grüße, Zoë", UINT32_C(0xd46b593c)},
        {"😀", UINT32_C(0xcb31c4b8)},
        {"a😀b", UINT32_C(0x8fca8501)},
        {"\xf4\x8f\xbf\xbf\xef\xbf\xbf", UINT32_C(0x9744b9d4)},
        {"日本語", UINT32_C(0x5406374e)},
        {"ééé", UINT32_C(0xb0d4a71a)},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(bucket_fnv1a(cases[i].text, strlen(cases[i].text)), cases[i].hash);
}

static void numbers_of_both_versions(void **state)
{
    (void)state;
    static const struct {
        const char *seed, *unit;
        unsigned v2, v1;
    } cases[] = {
        {"seed", "a", 505, 913},
        {"", "x", 9986, 695},
        {"seed", "", 4286, 564},
        {"my-seed", "user_4711", 9988, 172},
        {"7f3c", "b7f1c9e0-0000-7000-8000-000000000001", 6013, 201},
        {"Frühling", "Jürgen", 919, 383},
        {"🎯", "😀", 6019, 817},
        {"a😀", "ü", 1249, 771},
        {"null", "null", 6066, 241},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(bucket_number(cases[i].seed, cases[i].unit), cases[i].v2);
        assert_int_equal(bucket_number_v1(cases[i].seed, cases[i].unit), cases[i].v1);
        struct bucket_seed seed = bucket_seed_of(cases[i].seed);
        assert_int_equal(bucket_number_seeded(seed, cases[i].unit, strlen(cases[i].unit)),
                         cases[i].v2);
    }
}

static void cut_utf8_is_not_read_past(void **state)
{
    (void)state;
    char cut[] = {(char)0xf0, (char)0x9f};
    uint32_t whole = bucket_fnv1a(cut, 2);
    assert_int_equal(whole, bucket_fnv1a(cut, 2));
    assert_int_not_equal(whole, bucket_fnv1a(cut, 1));
}

static void chooses_by_cumulative_ranges(void **state)
{
    (void)state;
    static const double halves[] = {0.5, 0.5};
    static const double uneven[] = {0.2, 0.3, 0.5};
    static const double tenths[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    static const double wrong[] = {0.2, 0.2};
    static const double nothing_first[] = {0, 1};
    static const struct {
        double n;
        const double *weights;
        size_t count;
        double coverage;
        int expected;
    } cases[] = {
        {0, halves, 2, 1, 0},
        {0.4999, halves, 2, 1, 0},
        {0.5, halves, 2, 1, 1},
        {0.9999, halves, 2, 1, 1},
        {0.0499, halves, 2, 0.1, 0},
        {0.05, halves, 2, 0.1, -1},
        {0.5, halves, 2, 0.1, 1},
        {0.5499, halves, 2, 0.1, 1},
        {0.55, halves, 2, 0.1, -1},
        {0, halves, 2, 0, -1},
        {0.3, halves, 2, -1, -1},
        {0.3, halves, 2, 7, 0},
        {0.1999, uneven, 3, 1, 0},
        {0.2, uneven, 3, 1, 1},
        {0.5, uneven, 3, 1, 2},
        /* 0.1 + 0.1 + 0.1 is a little more than 0.3 */
        {0.3, tenths, 10, 1, 2},
        {0.8, tenths, 10, 1, 8},
        {0.4999, wrong, 2, 1, 0},
        {0.5, wrong, 2, 1, 1},
        {0, nothing_first, 2, 1, 1},
        {0, halves, 0, 1, -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(
            bucket_choose(cases[i].n, cases[i].weights, cases[i].count, cases[i].coverage),
            cases[i].expected);
}

static void growing_coverage_moves_nobody(void **state)
{
    (void)state;
    static const double weights[] = {0.2, 0.3, 0.5};
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        double n = bucket / (double)BUCKETS;
        int before = -1;
        for (int percent = 0; percent <= 100; percent += 5) {
            int now = bucket_choose(n, weights, 3, percent / 100.0);
            if (before >= 0)
                assert_int_equal(now, before);
            before = now;
        }
    }
}

static void splits_evenly(void **state)
{
    (void)state;
    unsigned low = 0;
    char unit[32];
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(unit, sizeof(unit), "visitor-%u", i);
        low += bucket_number("even", unit) < BUCKETS / 2;
    }
    /* four standard deviations of a fair coin */
    assert_in_range(low, 10000 - 283, 10000 + 283);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_utf16_units),
        cmocka_unit_test(numbers_of_both_versions),
        cmocka_unit_test(cut_utf8_is_not_read_past),
        cmocka_unit_test(chooses_by_cumulative_ranges),
        cmocka_unit_test(growing_coverage_moves_nobody),
        cmocka_unit_test(splits_evenly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
