// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json/json.h"
#include "tools/simulate/simulate.h"

#include <math.h>
#include <string.h>

static enum err plan(const char *rates, const char *aov, struct simulation *s, struct fault *fault)
{
    static struct simulate_options options;
    static json_t *campaign;
    json_decref(campaign);
    campaign = json_loads("{\"variants\":[{\"key\":\"a\",\"is_control\":true},{\"key\":\"b\"},"
                          "{\"key\":\"bb\"}]}",
                          0, NULL);
    options = (struct simulate_options){.rates = rates, .aov = aov};
    *s = (struct simulation){.options = &options};
    return simulate_plan(s, campaign, fault);
}

static void test_rates(void **state)
{
    (void)state;
    struct simulation s;
    struct fault fault = {0};
    assert_int_equal(plan(NULL, NULL, &s, &fault), ERR_OK);
    assert_true(s.variants[0].rate == 0.10 && s.variants[2].rate == 0.12);
    assert_true(s.variants[0].is_control && !s.variants[1].is_control);
    assert_true(s.variants[1].aov == 60);
    assert_int_equal(plan("0.2", "a=50,bb=55.5", &s, &fault), ERR_OK);
    assert_true(s.variants[0].rate == 0.2 && s.variants[2].rate == 0.2);
    assert_true(s.variants[0].aov == 50 && s.variants[1].aov == 60 && s.variants[2].aov == 55.5);
    assert_int_equal(plan("bb=0.3,a=1", NULL, &s, &fault), ERR_OK);
    assert_true(s.variants[0].rate == 1 && s.variants[1].rate == 0.11 && s.variants[2].rate == 0.3);
}

static void test_wrong_rates(void **state)
{
    (void)state;
    static const struct {
        const char *rates, *says;
    } cases[] = {
        {"c=0.1", "--rates: the campaign has no variant \"c\""},
        {"1.1", "--rates: give a number from 0 to 1, or VARIANT=NUMBER,…, not \"1.1\""},
        {"a=", "--rates: give a number from 0 to 1, or VARIANT=NUMBER,…, not \"a=\""},
        {"a=0.1;b=0.2", "--rates: give a number from 0 to 1, or VARIANT=NUMBER,…, not "
                        "\"a=0.1;b=0.2\""},
        {"", "--rates: give a number from 0 to 1, or VARIANT=NUMBER,…, not \"\""},
        {"nan", "--rates: give a number from 0 to 1, or VARIANT=NUMBER,…, not \"nan\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct simulation s;
        struct fault fault = {0};
        assert_int_equal(plan(cases[i].rates, NULL, &s, &fault), ERR_INVALID);
        assert_string_equal(fault.detail, cases[i].says);
    }
}

static void test_same_seed_same_visitor(void **state)
{
    (void)state;
    struct simulate_visitor one = simulate_visitor(7, 12), again = simulate_visitor(7, 12);
    struct simulate_visitor other = simulate_visitor(8, 12), next = simulate_visitor(7, 13);
    assert_true(one.luck == again.luck && one.basket == again.basket && one.moment == again.moment);
    assert_true(one.luck != other.luck && one.luck != next.luck);
}

/* Two simulations of one seed: their visitors, and so their orders, are never the same. */
static void test_names(void **state)
{
    (void)state;
    struct simulate_options options = {.campaign = "checkout", .seed = 7};
    struct simulation s = {.options = &options, .phase = 2};
    char id[SIMULATE_ID_SIZE], longest[65];
    simulate_name(&s, 12, id);
    assert_string_equal(id, "sim-checkout-2-7-12");
    memset(longest, 'k', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    options = (struct simulate_options){.campaign = longest, .seed = INT64_MAX};
    s.phase = INT32_MAX;
    simulate_name(&s, UINT64_MAX, id);
    assert_string_equal(id + strlen(id) - 20, "18446744073709551615");
}

/* 40,000 visitors have the shares, means and independence they were made with, within 5 standard
 * errors. */
static void test_distributions(void **state)
{
    (void)state;
    enum { N = 40000 };
    double mobile = 0, early = 0, lucky = 0, both = 0, basket = 0;
    for (uint64_t i = 0; i < N; i++) {
        struct simulate_visitor v = simulate_visitor(3, i);
        bool is_lucky = v.luck < 0.1, is_early = v.moment < 0.5;
        assert_in_range(v.quantity, 1, 3);
        assert_in_range(v.pages, 1, 5);
        mobile += strcmp(v.device, "mobile") == 0;
        early += is_early;
        lucky += is_lucky;
        both += is_lucky && is_early;
        basket += v.basket;
    }
    assert_true(fabs(mobile - 0.6 * N) < 5 * sqrt(0.24 * N));
    assert_true(fabs(early - 0.5 * N) < 5 * sqrt(0.25 * N));
    assert_true(fabs(lucky - 0.1 * N) < 5 * sqrt(0.09 * N));
    assert_true(fabs(both - 0.05 * N) < 5 * sqrt(0.0475 * N));
    /* log-normal with mean 1 and spread 0.5: variance e^0.25 - 1 */
    assert_true(fabs(basket - N) < 5 * sqrt((exp(0.25) - 1) * N));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates), cmocka_unit_test(test_wrong_rates),
        cmocka_unit_test(test_same_seed_same_visitor), cmocka_unit_test(test_names),
        cmocka_unit_test(test_distributions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
