// SPDX-License-Identifier: GPL-3.0-or-later
/* Decimal texts as exact integers: what PostgreSQL and JSON write, and what is no number, or not a
 * whole one at so many decimals, or too large for a sum. */
#include "stats/stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void numbers_are_read_exactly(void **state)
{
    static const struct {
        const char *text;
        int decimals;
        int64_t value;
    } cases[] = {
        {"0", 0, 0},
        {"-0", 2, 0},
        {"17", 0, 17},
        {"-17", 2, -1700},
        {"+17", 0, 17},
        {"0.5", 1, 5},
        {"0.50", 1, 5},
        {".5", 1, 5},
        {"5.", 0, 5},
        {"49.90", 2, 4990},
        {"1e3", 0, 1000},
        {"1E3", 0, 1000},
        {"1e+3", 0, 1000},
        {"1500e-2", 0, 15},
        {"-1.5e1", 0, -15},
        {"1e-6", 6, 1},
        {"0e1000", 0, 0},
        {"2.50e-1", 3, 250},
        {"9007199254740993", 0, INT64_C(9007199254740993)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        __int128 value = -1;
        if (!stats_parse_fixed(cases[i].text, cases[i].decimals, &value))
            fail_msg("%s was refused", cases[i].text);
        if (value != cases[i].value)
            fail_msg("%s was read as %lld", cases[i].text, (long long)value);
    }
}

static void sums_beyond_64_bits_are_exact(void **state)
{
    const __int128 ten18 = INT64_C(1000000000000000000);
    __int128 value;
    (void)state;
    assert_true(stats_parse_fixed("1000000000000000000000000000000000001", 0, &value));
    assert_true(value == ten18 * ten18 + 1);
    assert_true(stats_parse_fixed("-1e36", 0, &value));
    assert_true(value == -ten18 * ten18);
}

static void others_are_refused_and_set_nothing(void **state)
{
    static const struct {
        const char *text;
        int decimals;
    } cases[] = {
        {"", 0},       {"-", 0},       {"+-1", 0},
        {".", 0},      {"x", 0},       {"1x", 0},
        {"1 ", 0},     {"1.2.3", 1},   {"1e", 0},
        {"1e-", 0},    {"1e1.5", 0},   {"1ee3", 0},
        {"0.5", 0},    {"1e-1", 0},    {"NaN", 0},
        {"1e1001", 0}, {"1e-1001", 0}, {"1e39", 0},
        {"e3", 0},     {"0x1f", 0},    {"99999999999999999999999999999999999999999", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        __int128 value = 42;
        if (stats_parse_fixed(cases[i].text, cases[i].decimals, &value))
            fail_msg("%s was taken", cases[i].text);
        assert_true(value == 42);
    }
}

/* What is printed of a status or a warning is told apart. */
static void each_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i <= STATS_NOT_CONVERGED; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(stats_status_name((enum stats_status)i),
                                    stats_status_name((enum stats_status)j));
    assert_string_equal(stats_status_name((enum stats_status)(STATS_NOT_CONVERGED + 1)), "invalid");
    static const struct {
        enum stats_warning warning;
        const char *name;
    } warnings[] = {
        {STATS_WARN_FEW_CONVERSIONS, "few_conversions"},
        {STATS_WARN_HEAVY_TAIL, "heavy_tail"},
        {STATS_WARN_CANCELLATION, "cancellation"},
        {STATS_WARN_COVARIATE_IMBALANCE, "covariate_imbalance"},
    };
    for (size_t i = 0; i < sizeof(warnings) / sizeof(warnings[0]); i++)
        assert_string_equal(stats_warning_name(warnings[i].warning), warnings[i].name);
    assert_null(stats_warning_name((enum stats_warning)0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_exactly),
        cmocka_unit_test(sums_beyond_64_bits_are_exact),
        cmocka_unit_test(others_are_refused_and_set_nothing),
        cmocka_unit_test(each_status_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
