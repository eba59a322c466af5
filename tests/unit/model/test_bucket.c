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
#include <stdlib.h>
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
        struct bucket_unit unit;
        bucket_unit_read(&unit, cases[i].unit, strlen(cases[i].unit));
        assert_int_equal(bucket_number_seeded(seed, &unit), cases[i].v2);
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

/* The second hash as it is defined: of the decimal digits. */
static unsigned number_by_definition(uint32_t state)
{
    char digits[16];
    int n = snprintf(digits, sizeof(digits), "%u", state);
    return bucket_fnv1a(digits, (size_t)n) % BUCKETS;
}

/* A unit without characters leaves the seed's state as it is: any state can be tried. */
static void digits_come_out_right(void **state)
{
    (void)state;
    static const uint32_t edges[] = {0,         1,         9,          10,         9999999,
                                     10000000,  10000001,  19999999,   99999999,   100000000,
                                     999999999, 999999990, 1000000000, 4289999999, UINT32_MAX};
    const struct bucket_unit none = {0};
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
        assert_int_equal(bucket_number_seeded((struct bucket_seed){edges[i]}, &none),
                         number_by_definition(edges[i]));
    for (uint32_t s = 0; s < UINT32_MAX - 5000; s += 4999)
        assert_int_equal(bucket_number_seeded((struct bucket_seed){s}, &none),
                         number_by_definition(s));
    /* all the last seven digits there are */
    for (uint32_t s = 4280000000; s < 4290000000; s += 7)
        assert_int_equal(bucket_number_seeded((struct bucket_seed){s}, &none),
                         number_by_definition(s));
}

/* Two whole passes, and every rest. */
#define MOST 70

static void many_seeds_as_each_alone(void **state)
{
    (void)state;
    static const char *const ids[] = {"v", "visitor-4711", "Jürgen", "😀 user", "日本語"};
    struct bucket_seed seeds[MOST];
    uint16_t numbers[MOST + 1];
    for (size_t i = 0; i < MOST; i++) {
        char seed[16];
        snprintf(seed, sizeof(seed), "seed-%zu", i);
        seeds[i] = bucket_seed_of(seed);
    }
    for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++)
        for (size_t count = 0; count <= MOST; count++) {
            struct bucket_unit unit;
            bucket_unit_read(&unit, ids[k], strlen(ids[k]));
            numbers[count] = 12345;
            bucket_numbers(seeds, count, &unit, numbers);
            assert_int_equal(numbers[count], 12345);
            for (size_t i = 0; i < count; i++) {
                char seed[16];
                snprintf(seed, sizeof(seed), "seed-%zu", i);
                assert_int_equal(numbers[i], bucket_number(seed, ids[k]));
            }
        }
}

/* The rule as the SDKs follow it: a number in [0, 1) and cumulative ranges, in doubles. */
static int choice_by_definition(double n, const double *weights, size_t count, double coverage)
{
    double total = 0, start = 0, covered = coverage < 0 ? 0 : coverage > 1 ? 1 : coverage;
    for (size_t i = 0; i < count; i++)
        total += weights[i];
    for (size_t i = 0; i < count; i++) {
        double weight = total < 0.99 || total > 1.01 ? 1 / (double)count : weights[i];
        if (n >= start && n < start + covered * weight)
            return (int)i;
        start += weight;
    }
    return -1;
}

static int choice(unsigned bucket, const double *weights, size_t count, double coverage)
{
    struct bucket_range owned[16];
    bucket_share_out(weights, count, coverage, owned);
    for (size_t i = 0; i < count; i++)
        if (bucket_is_in(&owned[i], bucket))
            return (int)i;
    return -1;
}

static void each_bucket_has_its_owner(void **state)
{
    (void)state;
    srandom(5);
    for (int round = 0; round < 300; round++) {
        double weights[16];
        size_t count = 1 + (size_t)random() % 16;
        double total = 0, coverage = (double)(random() % 1000) / 900 - 0.05;
        struct bucket_range owned[16];
        for (size_t i = 0; i < count; i++)
            total += weights[i] = (double)(random() % 1000);
        for (size_t i = 0; i < count && round % 10 > 0 && total > 0; i++)
            weights[i] /= total;
        bucket_share_out(weights, count, coverage, owned);
        for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
            int found = -1;
            for (size_t i = 0; i < count && found < 0; i++)
                found = bucket_is_in(&owned[i], bucket) ? (int)i : -1;
            assert_int_equal(
                found, choice_by_definition(bucket / (double)BUCKETS, weights, count, coverage));
        }
    }
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
        unsigned bucket;
        const double *weights;
        size_t count;
        double coverage;
        int expected;
    } cases[] = {
        {0, halves, 2, 1, 0},
        {4999, halves, 2, 1, 0},
        {5000, halves, 2, 1, 1},
        {9999, halves, 2, 1, 1},
        {499, halves, 2, 0.1, 0},
        {500, halves, 2, 0.1, -1},
        {5000, halves, 2, 0.1, 1},
        {5499, halves, 2, 0.1, 1},
        {5500, halves, 2, 0.1, -1},
        {0, halves, 2, 0, -1},
        {3000, halves, 2, -1, -1},
        {3000, halves, 2, 7, 0},
        {1999, uneven, 3, 1, 0},
        {2000, uneven, 3, 1, 1},
        {5000, uneven, 3, 1, 2},
        /* 0.1 + 0.1 + 0.1 is a little more than 0.3 */
        {3000, tenths, 10, 1, 2},
        {8000, tenths, 10, 1, 8},
        {4999, wrong, 2, 1, 0},
        {5000, wrong, 2, 1, 1},
        {0, nothing_first, 2, 1, 1},
        {0, halves, 0, 1, -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(
            choice(cases[i].bucket, cases[i].weights, cases[i].count, cases[i].coverage),
            cases[i].expected);
}

static void growing_coverage_moves_nobody(void **state)
{
    (void)state;
    static const double weights[] = {0.2, 0.3, 0.5};
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        int before = -1;
        for (int percent = 0; percent <= 100; percent += 5) {
            int now = choice(bucket, weights, 3, percent / 100.0);
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
        cmocka_unit_test(digits_come_out_right),
        cmocka_unit_test(many_seeds_as_each_alone),
        cmocka_unit_test(each_bucket_has_its_owner),
        cmocka_unit_test(chooses_by_cumulative_ranges),
        cmocka_unit_test(growing_coverage_moves_nobody),
        cmocka_unit_test(splits_evenly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
