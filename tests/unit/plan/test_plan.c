// SPDX-License-Identifier: GPL-3.0-or-later
/* The planner against published sample sizes, and against itself turned round. */
#include "plan/plan.h"

#include "base/json/json.h"
#include "plan/plan_baseline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOTHING                                                                                    \
    .rate = NAN, .mean = NAN, .sd = NAN, .uplift = NAN, .difference = NAN, .daily = NAN,           \
    .confidence = 0.95, .power = 0.8, .coverage = 1, .variants = 2, .sides = 2, .looks = 5

static const struct plan_wish nothing = {NOTHING};

static struct plan make(struct plan_wish wish)
{
    struct plan plan;
    struct fault fault;
    if (plan_make(&wish, &plan, &fault))
        fail_msg("%s", fault.detail);
    return plan;
}

static struct plan_wish of_rate(double rate, double uplift)
{
    struct plan_wish wish = nothing;
    wish.rate = rate;
    wish.uplift = uplift;
    return wish;
}

static struct plan_wish of_mean(double mean, double sd, double difference)
{
    struct plan_wish wish = nothing;
    wish.mean = mean;
    wish.sd = sd;
    wish.difference = difference;
    return wish;
}

/* R: power.prop.test and power.t.test. */
static void test_published_sizes(void **state)
{
    (void)state;
    struct plan_wish wish = of_rate(0.5, 0.5);
    wish.power = 0.9;
    assert_true(make(wish).per_variant == 77);
    assert_true(make(of_rate(0.05, 0.1)).per_variant == 31234);
    assert_true(make(of_mean(10, 1, 0.5)).per_variant == 64);
    wish = of_mean(0, 1, 1);
    wish.power = 0.9;
    assert_true(make(wish).per_variant == 23);
    wish.sides = 1; /* power.t.test(power = .9, delta = 1, alternative = "one.sided"): 17.84713 */
    assert_true(make(wish).per_variant == 18);
}

static void test_time_is_whole_weeks(void **state)
{
    (void)state;
    struct plan_wish wish = of_rate(0.05, 0.1);
    wish.daily = 4000;
    struct plan plan = make(wish);
    assert_true(plan_visitors(&plan) == 62468);
    assert_true(plan_days(&plan) == 16);
    assert_true(plan_weeks(&plan) == 3);
    wish.coverage = 0.5;
    plan = make(wish);
    assert_true(plan_days(&plan) == 32);
    assert_true(plan_weeks(&plan) == 5);
}

static void test_what_visitors_can_show(void **state)
{
    (void)state;
    struct plan_wish wish = of_rate(0.05, NAN);
    wish.visitors = 62468;
    struct plan plan = make(wish);
    assert_true(fabs(plan.difference - 0.005) < 1e-6);
    assert_true(fabs(plan.power - 0.8) < 1e-9);

    wish = of_mean(10, 30, NAN);
    wish.days = 14;
    wish.daily = 4000;
    wish.coverage = 0.25;
    plan = make(wish);
    assert_true(plan.per_variant == 7000);
    /* The normal formula, (z + z) sd sqrt(2 / n), and the t test's little more. */
    double normal = (1.959964 + 0.841621) * 30 * sqrt(2.0 / 7000);
    assert_true(plan.difference > normal && plan.difference < normal * 1.001);
}

static void test_power_of_what_is_there(void **state)
{
    (void)state;
    struct plan_wish wish = of_rate(0.05, 0.1);
    wish.visitors = 62468 / 2;
    const struct plan plan = make(wish);
    const struct stats_design design = {.alpha = 0.05, .ratio = 1, .sides = 2};
    assert_true(plan.per_variant == 15617);
    assert_true(fabs(plan.power - stats_prop_power(&design, 0.05, 0.055, 15617, false)) < 1e-9);
    assert_true(plan.power > 0.49 && plan.power < 0.53);
}

static void test_more_variants_share_the_error(void **state)
{
    (void)state;
    struct plan_wish wish = of_rate(0.05, 0.1);
    wish.variants = 5;
    const struct plan plan = make(wish);
    const struct stats_design design = {.alpha = 0.0125, .ratio = 1, .sides = 2};
    assert_true(plan.per_variant == ceil(stats_prop_size(&design, 0.05, 0.055, 0.8).pooled.value));
    assert_true(plan_visitors(&plan) == 5 * plan.per_variant);
}

/* By hand: the planned effect is critical + z(0.8) standard errors at the end, and six times the
 * effect is seen six times as clearly. */
static void test_larger_effects_stop_sooner(void **state)
{
    static const double times[] = {0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10};
    (void)state;
    struct plan_wish wish = of_mean(10, 30, 0.5);
    wish.test = PLAN_ALWAYS_VALID;
    struct plan plan = make(wish);
    double before = INFINITY, tau = stats_msprt_tau(1, 0.05);
    double drift = stats_mixture(0, 1, tau, 0.05).halfwidth.value + 0.8416212335729143;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        double share = plan_stop(&plan, times[i]) / plan_visitors(&plan);
        double expected = stats_mixture_stop(drift * times[i], tau, 0.05);
        if (!(fabs(share - expected) < 0.01 * expected) || !(share < before))
            fail_msg("%g times: %g of the visitors, not %g", times[i], share, expected);
        before = share;
    }
    assert_true(plan_stop(&plan, 6) < plan_visitors(&plan) / 25);
    wish.test = PLAN_FIXED;
    plan = make(wish);
    assert_true(isnan(plan_stop(&plan, 1)));
    wish = of_rate(0.5, 0.3);
    wish.test = PLAN_ALWAYS_VALID;
    plan = make(wish);
    assert_true(isnan(plan_stop(&plan, 4)) && plan_stop(&plan, 2) > 0);
}

static void test_looking_early_costs_visitors(void **state)
{
    (void)state;
    struct plan_wish wish = of_rate(0.05, 0.1);
    wish.test = PLAN_ALWAYS_VALID;
    struct plan plan = make(wish);
    /* By hand: c = T / V = -2 ln a + ln(1 - 2 ln a) = 7.93615, 8 c and 64 c; half-width 3.21044 se,
     * ((3.21044 + 0.84162) / (1.95996 + 0.84162))^2. */
    assert_true(fabs(plan.inflation - 2.0919) < 1e-4);
    assert_true(fabs(plan.power - 0.8) < 1e-4);

    wish.test = PLAN_GROUP;
    plan = make(wish);
    assert_true(plan.inflation > 1.01 && plan.inflation < 1.04);
    assert_true(fabs(plan.power - 0.8) < 1e-4);
    /* Evenly spaced looks of Lan-DeMets' O'Brien-Fleming kind: the first bound is 4.8769. */
    assert_true(fabs(plan.group.z[0] - 4.8769) < 1e-3);

    /* Of one side too: its fixed test has a lower bar, and the looks are weighed against that. */
    wish.sides = 1;
    const struct plan one = make(wish);
    assert_true(one.inflation > 1.01 && one.inflation < 1.04);
    assert_true(one.per_variant < plan.per_variant && fabs(one.power - 0.8) < 1e-4);

    wish = of_rate(0.05, NAN);
    wish.test = PLAN_GROUP;
    wish.visitors = 2 * (int64_t)plan.per_variant;
    assert_true(fabs(make(wish).difference - 0.005) < 1e-6);
}

/* What was asked for is what comes out, on either side and however often somebody looks. */
static void test_planned_power_is_kept(void **state)
{
    static const struct {
        double rate, uplift, power, confidence;
        int64_t sides, looks, variants;
    } rows[] = {
        {0.05, 0.1, 0.8, 0.95, 1, 5, 2},  {0.05, 0.1, 0.8, 0.95, 2, 5, 2},
        {0.05, 0.1, 0.9, 0.95, 1, 5, 2},  {0.05, -0.1, 0.8, 0.95, 1, 5, 2},
        {0.2, 0.05, 0.8, 0.9, 1, 3, 2},   {0.2, 0.05, 0.8, 0.99, 1, 3, 2},
        {0.01, 0.2, 0.7, 0.95, 1, 10, 2}, {0.01, 0.2, 0.7, 0.95, 2, 10, 2},
        {0.5, 0.02, 0.8, 0.95, 1, 2, 4},  {0.5, 0.02, 0.95, 0.95, 1, 2, 4},
        {0.1, 0.05, 0.6, 0.8, 1, 4, 3},   {0.1, 0.05, 0.6, 0.8, 2, 4, 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct plan_wish wish = of_rate(rows[i].rate, rows[i].uplift);
        wish.test = PLAN_GROUP;
        wish.power = rows[i].power;
        wish.confidence = rows[i].confidence;
        wish.sides = rows[i].sides;
        wish.looks = rows[i].looks;
        wish.variants = rows[i].variants;
        const struct plan plan = make(wish);
        if (!(fabs(plan.power - wish.power) < 1e-4))
            fail_msg("row %zu: power %g, not %g", i, plan.power, wish.power);
    }
}

/* 'sampled' visitors of weight 'weight', of whom a fifth converts: Wilson's interval is that of as
 * many as were looked at, whatever they stand for. */
static void test_a_sample_is_worth_what_it_looked_at(void **state)
{
    static const struct {
        int64_t sampled;
        double weight;
    } rows[] = {{10, 1},   {10, 8},    {50, 1},   {50, 4}, {200, 2},
                {1000, 1}, {1000, 64}, {5000, 3}, {5, 1},  {5, 100}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const double n = (double)rows[i].sampled, w = rows[i].weight, x = n / 5;
        const struct plan_measured m = {.days = 28,
                                        .visitors = n * w,
                                        .sampled = rows[i].sampled,
                                        .metric = "m",
                                        .kind = "conversion",
                                        .n = x * w,
                                        .nn = x * w,
                                        .converted = x * w,
                                        .ww = n * w * w,
                                        .wwn = x * w * w,
                                        .wwnn = x * w * w};
        struct plan_measured sum = m;
        sum.kind = "sum";
        const struct stats_prop sample = {(uint64_t)x, (uint64_t)n};
        const struct stats_interval wilson = stats_wilson(&sample, 0.95);
        struct plan_baseline b = plan_baseline_of(&m);
        assert_true(fabs(b.rate - 0.2) < 1e-12 && b.interval.is_known);
        assert_true(fabs(b.interval.lower - wilson.lower) < 1e-12);
        assert_true(fabs(b.interval.upper - wilson.upper) < 1e-12);
        b = plan_baseline_of(&sum);
        const double half = stats_t_quantile(0.025, n - 1) * sqrt(0.16 / (n - 1));
        assert_true(fabs(b.interval.upper - (0.2 + half)) < 1e-12);
    }
}

static void assert_cannot_become(double rate, double uplift)
{
    struct plan plan;
    struct fault fault;
    const struct plan_wish wish = of_rate(rate, uplift);
    assert_int_equal(plan_make(&wish, &plan, &fault), ERR_INVALID);
    assert_non_null(strstr(fault.detail, "cannot become"));
}

static void assert_refused(struct plan_wish wish, const char *pointer)
{
    struct plan plan;
    struct fault fault = {0};
    assert_int_equal(plan_make(&wish, &plan, &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, pointer);
}

static void test_wrong_wishes_name_their_field(void **state)
{
    (void)state;
    assert_refused(nothing, "/rate");
    assert_refused(of_rate(0, 0.1), "/rate");
    assert_refused(of_rate(0.5, 1), "/uplift");
    assert_cannot_become(0.5, 1);
    assert_cannot_become(0.5, 1.5);
    assert_cannot_become(0.99, 0.02);
    assert_cannot_become(0.5, -1);
    assert_cannot_become(0.01, -2);
    assert_refused(of_rate(0.5, -1), "/uplift");
    assert_refused(of_rate(0.5, 0), "/uplift");
    assert_refused(of_rate(0.5, NAN), "/uplift");
    assert_refused(of_mean(1, NAN, 1), "/sd");
    struct plan_wish wish = of_mean(0, 1, NAN);
    wish.uplift = 0.1;
    assert_refused(wish, "/uplift");
    wish = of_rate(0.5, NAN);
    wish.days = 3;
    assert_refused(wish, "/daily");
    wish.daily = 1;
    assert_refused(wish, "/days");
    wish.visitors = 5;
    assert_refused(wish, "/days");
    wish = of_rate(0.5, 0.1);
    wish.sides = 1;
    wish.test = PLAN_ALWAYS_VALID;
    assert_refused(wish, "/sides");
    wish = of_rate(0.5, 0.1);
    wish.difference = 0.1;
    assert_refused(wish, "/difference");
    wish = of_mean(1, 1, 0.1);
    wish.rate = 0.1;
    assert_refused(wish, "/rate");
    wish = of_rate(0.5, 0.1);
    wish.sd = 1;
    assert_refused(wish, "/sd");
    assert_refused(of_rate(0.5, 1e-9), "/uplift");
    wish = of_mean(1, 1, NAN);
    wish.difference = 1e-9;
    assert_refused(wish, "/difference");
}

static void test_json(void **state)
{
    (void)state;
    const struct plan plan = make(of_mean(0, 2, 1));
    auto_buf struct buf out = {0};
    plan_write(&plan, &out);
    auto_json json_t *document = json_loadb(out.data, out.length, 0, NULL);
    assert_non_null(document);
    assert_true(json_is_null(json_object_get(document, "uplift")));
    assert_true(json_is_null(json_object_get(document, "weeks")));
    assert_true(json_number_value(json_object_get(document, "visitors")) == plan_visitors(&plan));
    const json_t *curve = json_object_get(document, "curve");
    double before = 0;
    size_t i;
    json_t *point;
    assert_int_equal(json_array_size(curve), 40);
    json_array_foreach(curve, i, point) {
        double power = json_number_value(json_object_get(point, "power"));
        assert_true(power >= before);
        before = power;
    }
    assert_true(fabs(json_number_value(json_object_get(json_array_get(curve, 19), "power")) -
                     plan.power) < 1e-12);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_sizes),
        cmocka_unit_test(test_time_is_whole_weeks),
        cmocka_unit_test(test_what_visitors_can_show),
        cmocka_unit_test(test_power_of_what_is_there),
        cmocka_unit_test(test_more_variants_share_the_error),
        cmocka_unit_test(test_larger_effects_stop_sooner),
        cmocka_unit_test(test_a_sample_is_worth_what_it_looked_at),
        cmocka_unit_test(test_looking_early_costs_visitors),
        cmocka_unit_test(test_planned_power_is_kept),
        cmocka_unit_test(test_wrong_wishes_name_their_field),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
