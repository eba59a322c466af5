// SPDX-License-Identifier: GPL-3.0-or-later
/* Closed testing: small figures by hand, and the procedures it must reproduce. */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { TESTS = 8 };

static void assert_near(struct stats_number got, double expected)
{
    if (!got.is_known || !(fabs(got.value - expected) <= 1e-14 * fabs(expected)))
        fail_msg("%.17g (%d), expected %.17g", got.value, got.is_known, expected);
}

static void closed_has_its_figures(void **state)
{
    struct stats_number p[] = {{0.04, true}, {0.01, true}, {0, false}, {0.03, true}, {0.5, true}};
    struct stats_number r[5];
    (void)state;
    assert_int_equal(stats_closed(STATS_LOCAL_BONFERRONI, p, 5, r), STATS_OK);
    assert_near(r[0], 0.09);
    assert_near(r[1], 0.04);
    assert_false(r[2].is_known);
    assert_near(r[3], 0.09);
    assert_near(r[4], 0.5);
    /* Simes: {0.04, 0.03, 0.5} has min(0.09, 0.06, 0.5), {0.04, 0.5} has 0.08. */
    assert_int_equal(stats_closed(STATS_LOCAL_SIMES, p, 5, r), STATS_OK);
    assert_near(r[0], 0.08);
    assert_near(r[1], 0.04);
    assert_near(r[3], 0.06);
    assert_near(r[4], 0.5);
    p[2] = (struct stats_number){1.5, true};
    assert_int_equal(stats_closed(STATS_LOCAL_SIMES, p, 5, r), STATS_INVALID);
    assert_int_equal(stats_closed(STATS_LOCAL_SIMES, p, 0, r), STATS_OK);
    struct stats_number many[STATS_CLOSED + 1], out[STATS_CLOSED + 1];
    for (int i = 0; i <= STATS_CLOSED; i++)
        many[i] = stats_known(0.5);
    assert_int_equal(stats_closed(STATS_LOCAL_SIMES, many, STATS_CLOSED + 1, out), STATS_INVALID);
}

static void draw_tests(struct draw *draw, struct stats_number *p, unsigned *family)
{
    for (int i = 0; i < TESTS; i++) {
        p[i] = stats_known(draw_magnitude(draw, -4, 0));
        if (i > 0 && draw_bits(draw) % 8 == 0)
            p[i] = p[i - 1];
        if (draw_bits(draw) % 10 == 0)
            p[i] = (struct stats_number){0};
        family[i] = (unsigned)(draw_bits(draw) % 3) * 2;
    }
}

static void closed_is_holm_and_beats_hochberg(void **state)
{
    struct draw draw = {91};
    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct stats_number p[TESTS], bonferroni[TESTS], simes[TESTS], holm[TESTS], hochberg[TESTS];
        unsigned family[TESTS];
        size_t order[TESTS];
        draw_tests(&draw, p, family);
        stats_closed(STATS_LOCAL_BONFERRONI, p, TESTS, bonferroni);
        stats_closed(STATS_LOCAL_SIMES, p, TESTS, simes);
        stats_adjust(STATS_HOLM, p, TESTS, order, holm);
        stats_adjust(STATS_HOCHBERG, p, TESTS, order, hochberg);
        for (int j = 0; j < TESTS; j++) {
            assert_true(is_clean(simes[j]) && simes[j].is_known == p[j].is_known);
            assert_true(is_close(bonferroni[j].value, holm[j].value, 1e-14, 0));
            assert_true(simes[j].value <= hochberg[j].value * (1 + 1e-14));
            assert_true(simes[j].value >= p[j].value);
        }
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_has_its_figures),
        cmocka_unit_test(closed_is_holm_and_beats_hochberg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
