// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "engine/fold/fold_lanes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void there_is_a_lane_for_each_core(void **state)
{
    (void)state;
    static const struct {
        int wanted;
        long cores;
        size_t lanes;
    } rows[] = {
        {0, 1, 1}, {0, 2, 2},  {0, 16, 16}, {0, 96, FOLD_LANES_MAX},   {0, -1, 1},
        {3, 2, 3}, {1, 64, 1}, {-1, 4, 4},  {1000, 4, FOLD_LANES_MAX},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(fold_lanes(rows[i].wanted, rows[i].cores), rows[i].lanes);
}

static void edges_that_are_busy_have_half_of_them(void **state)
{
    (void)state;
    static const struct {
        size_t lanes;
        uint64_t events;
        int64_t took_us;
        size_t now;
    } rows[] = {
        {4, 0, SECOND_US, 4},       {4, 2000, SECOND_US, 4},     {4, 2001, SECOND_US, 2},
        {4, 401, SECOND_US / 5, 2}, {4, 2001, 2 * SECOND_US, 4}, {1, 1000000, SECOND_US, 1},
        {2, 1000000, SECOND_US, 1}, {3, 1000000, SECOND_US, 1},  {16, UINT64_MAX, SECOND_US, 8},
        {4, 1000000, 0, 4},         {4, 1000000, -5, 4},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(fold_lanes_now(rows[i].lanes, rows[i].events, rows[i].took_us),
                         rows[i].now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_a_lane_for_each_core),
        cmocka_unit_test(edges_that_are_busy_have_half_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
