// SPDX-License-Identifier: GPL-3.0-or-later
/* Units that met two campaigns: contrasts of their cells, what they recommend, and whether both
 * were allotted independently. Expected numbers are worked out from their formulas. */
#include "stats/core/dist.h"
#include "unit/lib/results_bench.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CELL(here, there, units, n)                                                                \
    "{\"variant\":\"" here "\",\"other_variant\":\"" there "\",\"units\":" #units ",\"n\":\"" #n   \
    "\",\"nn\":\"" #n "\"}"
#define OTHER(key, cells)                                                                          \
    "{\"campaign\":\"" key "\",\"name\":\"\",\"phase\":2,\"units\":1,\"variants\":["               \
    "{\"key\":\"c\",\"weight\":0.5,\"is_control\":true},"                                          \
    "{\"key\":\"d\",\"weight\":0.5,\"is_control\":false}],\"cells\":[" cells "]}"
#define OVERLAP(metric, others)                                                                    \
    "{\"as_of\":\"2026-01-20T00:00:00Z\",\"metric\":" #metric ",\"others\":[" others "]}"

/* Rates of 10, 10, 20 and 5 %: with d the effect of b is negative, without it positive. */
#define CROSSED                                                                                    \
    CELL("a", "c", 1000, 100)                                                                      \
    "," CELL("a", "d", 1000, 100) "," CELL("b", "c", 1000, 200) "," CELL("b", "d", 1000, 50)
/* The effect of b is 2 points in both. */
#define ALIKE                                                                                      \
    CELL("a", "c", 1000, 100)                                                                      \
    "," CELL("a", "d", 1000, 140) "," CELL("b", "c", 1000, 120) "," CELL("b", "d", 1000, 160)

static json_t *results_with(const char *overlap, const char *metrics)
{
    struct results_bench p = {.tuned_units = 4000, .overlap = overlap, .metrics = metrics};
    AT(&p, 0, 2000, 2000, 200, 250);
    return results_bench_run(&p);
}

static double number_at(const json_t *r, const char *pointer)
{
    return json_number_value(results_bench_at(r, pointer));
}

static void contrasts_are_those_of_their_cells(void **state)
{
    (void)state;
    auto_json json_t *r = results_with(OVERLAP(1, OTHER("colour", CROSSED)), NULL);
    const double rates[] = {0.1, 0.1, 0.2, 0.05};
    double v = 0, d = (0.05 - 0.1) - (0.2 - 0.1);
    for (int i = 0; i < 4; i++)
        v += rates[i] * (1 - rates[i]) / 1000;
    double l = -2 * log(0.05), t = (l + log(1 + l)) / 4000 * v * 4000;
    double p = 1 / (sqrt(v / (v + t)) * exp(t * d * d / (2 * v * (v + t))));
    assert_near(r, "interactions/0/difference_in_differences", d);
    assert_near(r, "interactions/0/se", sqrt(v));
    assert_near(r, "interactions/0/statistic", d / sqrt(v));
    assert_near(r, "interactions/0/effect_with/uplift", -0.5);
    assert_near(r, "interactions/0/effect_without/uplift", 1);
    assert_near(r, "interactions/0/sequential/p", p);
    assert_near(r, "interactions/0/multiplicity/p", p);
    assert_near(r, "interactions/0/cells/3/units", 1000);
    assert_near(r, "interactions/0/cells/3/sum", 50);
    assert_text(r, "interactions/0/cells/1/other_variant", "d");
    assert_text(r, "interactions/0/campaign", "colour");
    assert_text(r, "interactions/0/as_of", "2026-01-20T00:00:00Z");
    assert_text(r, "verdict/rule", "interaction");
    assert_non_null(strstr(json_string_value(results_bench_at(r, "verdict/text")),
                           "d of the campaign colour (-50.0 %)"));
    assert_text(r, "health/warnings/0", "interaction");
}

static void effects_that_add_up_are_no_interaction(void **state)
{
    (void)state;
    auto_json json_t *r = results_with(OVERLAP(1, OTHER("colour", ALIKE)), NULL);
    assert_true(fabs(number_at(r, "interactions/0/difference_in_differences")) < 1e-12);
    assert_near(r, "interactions/0/p_value", 1);
    assert_true(json_is_false(results_bench_at(r, "interactions/0/is_found")));
    assert_text(r, "verdict/rule", "underpowered");
}

/* b gains 68 of 1,000 with d: found where nothing else is asked, not among four questions. */
#define SOME                                                                                       \
    CELL("a", "c", 1000, 100)                                                                      \
    "," CELL("a", "d", 1000, 100) "," CELL("b", "c", 1000, 100) "," CELL("b", "d", 1000, 168)
static void of_many_questions_some_p_is_small(void **state)
{
    (void)state;
    auto_json json_t *one = results_with(OVERLAP(1, OTHER("x", SOME)), NULL);
    double p = number_at(one, "interactions/0/sequential/p");
    assert_true(p < 0.05 && p > 0.05 / 4);
    assert_true(number_at(one, "interactions/0/p_value") < p);
    assert_true(json_is_true(results_bench_at(one, "interactions/0/is_found")));
    auto_json json_t *four = results_with(
        OVERLAP(1,
                OTHER("w", ALIKE) "," OTHER("x", SOME) "," OTHER("y", ALIKE) "," OTHER("z", ALIKE)),
        NULL);
    assert_near(four, "interactions/1/multiplicity/size", 4);
    assert_near(four, "interactions/1/multiplicity/p", 4 * p);
    assert_true(json_is_false(results_bench_at(four, "interactions/1/is_found")));
    assert_text(four, "verdict/rule", "underpowered");
}

static void what_cannot_be_compared_is_no_question_of_the_family(void **state)
{
    (void)state;
    auto_json json_t *r = results_with(
        OVERLAP(1, OTHER("few", CELL("a", "c", 1000, 100) "," CELL("a", "d", 1000, 100) "," CELL(
                                    "b", "c", 1000, 100) "," CELL("b", "d", 1000,
                                                                  4)) "," OTHER("x", SOME)),
        NULL);
    assert_text(r, "interactions/0/status", "insufficient_data");
    assert_true(json_is_null(results_bench_at(r, "interactions/0/p_value")));
    assert_true(json_is_null(results_bench_at(r, "interactions/0/multiplicity/p")));
    assert_near(r, "interactions/1/multiplicity/size", 1);
}

/* What was stored for another metric than the one that decides now says nothing; nor does a
 * campaign without a control. */
static void cells_of_another_metric_are_not_used(void **state)
{
    (void)state;
    auto_json json_t *r = results_with(OVERLAP(7, OTHER("colour", CROSSED)), NULL);
    assert_int_equal(json_array_size(results_bench_at(r, "interactions")), 0);
    assert_int_equal(json_array_size(results_bench_at(r, "health/joint_srm")), 0);
    auto_json json_t *none = results_with(NULL, NULL);
    assert_int_equal(json_array_size(results_bench_at(none, "interactions")), 0);
    auto_json json_t *second = results_with(
        OVERLAP(2, OTHER("colour", CROSSED)),
        "[" CONVERSION(1, "beside", "secondary", "") "," CONVERSION(2, "goal", "primary", "") "]");
    assert_text(second, "interactions/0/metric", "goal");
    assert_text(second, "verdict/rule", "interaction");
}

static void independent_allotments_pass(void **state)
{
    (void)state;
    auto_json json_t *r = results_with(
        OVERLAP(1, OTHER("colour", CELL("a", "c", 480, 48) "," CELL("a", "d", 520, 52) "," CELL(
                                       "b", "c", 510, 51) "," CELL("b", "d", 490, 49))),
        NULL);
    double chi2 = pow(480.0 * 490 - 520.0 * 510, 2) * 2000 / (1000.0 * 1000 * 990 * 1010);
    assert_near(r, "health/joint_srm/0/chi2", chi2);
    assert_near(r, "health/joint_srm/0/df", 1);
    assert_near(r, "health/joint_srm/0/p", erfc(sqrt(chi2 / 2)));
    assert_near(r, "health/joint_srm/0/units/1/0", 510);
    assert_text(r, "health/joint_srm/0/other_variants/1", "d");
    assert_text(r, "health/joint_srm/0/status", "ok");
    assert_int_equal(json_array_size(results_bench_at(r, "verdict/cautions")), 0);
}

static void one_allotment_that_follows_the_other_is_said(void **state)
{
    (void)state;
    auto_json json_t *r = results_with(
        OVERLAP(1, OTHER("colour", CELL("a", "c", 600, 60) "," CELL("a", "d", 400, 40) "," CELL(
                                       "b", "c", 400, 40) "," CELL("b", "d", 600, 60))),
        NULL);
    assert_text(r, "health/joint_srm/0/status", "alarm");
    assert_text(r, "health/warnings/0", "joint_srm");
    assert_text(r, "verdict/cautions/0/rule", "joint_srm");
    assert_true(number_at(r, "health/joint_srm/0/log_bayes_factor") > log(1000));
    /* Visitors of d got lost, whatever they met here: its own mismatch, and no dependence. */
    auto_json json_t *lost = results_with(
        OVERLAP(1, OTHER("colour", CELL("a", "c", 600, 60) "," CELL("a", "d", 400, 40) "," CELL(
                                       "b", "c", 600, 60) "," CELL("b", "d", 400, 40))),
        NULL);
    assert_true(number_at(lost, "health/joint_srm/0/log_bayes_factor") > log(1000));
    assert_text(lost, "health/joint_srm/0/status", "ok");
    /* The code of d runs in b alone: nobody of a is there to be compared with. */
    auto_json json_t *alone = results_with(
        OVERLAP(1, OTHER("colour", CELL("b", "c", 600, 60) "," CELL("b", "d", 600, 60))), NULL);
    assert_text(alone, "health/joint_srm/0/status", "single_arm");
    assert_text(alone, "interactions/0/status", "insufficient_data");
}

/* Of a campaign that is entangled with this one, and changes its effect. */
static void a_public_document_tells_nothing_of_other_campaigns(void **state)
{
    (void)state;
    struct results_bench p = {
        .tuned_units = 4000,
        .is_public = true,
        .overlap =
            OVERLAP(1, OTHER("colour", CROSSED) "," OTHER(
                           "price", CELL("a", "c", 600, 60) "," CELL("a", "d", 400, 40) "," CELL(
                                        "b", "c", 400, 40) "," CELL("b", "d", 600, 60)))};
    AT(&p, 0, 2000, 2000, 200, 250);
    auto_json json_t *r = results_bench_run(&p);
    auto_buf struct buf text = {0};
    json_add_value(&text, r);
    assert_null(strstr(text.data, "colour"));
    assert_null(strstr(text.data, "price"));
    assert_int_equal(json_array_size(results_bench_at(r, "interactions")), 0);
    assert_int_equal(json_array_size(results_bench_at(r, "health/joint_srm")), 0);
    assert_text(r, "verdict/rule", "underpowered");
}

#define SPENT                                                                                      \
    "[{\"id\":1,\"key\":\"rounds\",\"role\":\"primary\",\"is_computed\":true,\"document\":{"       \
    "\"name\":\"Rounds\"},\"definition\":{\"kind\":\"sum\",\"scale\":1,\"numerator\":{\"event\":"  \
    "\"e\",\"value\":\"v\"}},\"distribution\":{\"warnings\":[\"outlier\"],\"variants\":["          \
    "{\"key\":\"a\",\"warnings\":[\"outlier\"],\"largest\":49854,\"largest_share\":0.0217},"       \
    "{\"key\":\"b\",\"warnings\":[],\"largest\":60000,\"largest_share\":0.001}]}}]"
static void an_outlier_is_a_caution(void **state)
{
    (void)state;
    auto_json json_t *r = results_with(NULL, SPENT);
    assert_text(r, "health/warnings/0", "outlier");
    assert_text(r, "verdict/cautions/0/rule", "outlier");
    assert_non_null(strstr(json_string_value(results_bench_at(r, "verdict/cautions/0/text")),
                           "visitor of a has 49,854 on Rounds, 2.2 %"));
    assert_int_equal(json_array_size(results_bench_at(r, "verdict/cautions")), 1);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrasts_are_those_of_their_cells),
        cmocka_unit_test(effects_that_add_up_are_no_interaction),
        cmocka_unit_test(of_many_questions_some_p_is_small),
        cmocka_unit_test(what_cannot_be_compared_is_no_question_of_the_family),
        cmocka_unit_test(cells_of_another_metric_are_not_used),
        cmocka_unit_test(independent_allotments_pass),
        cmocka_unit_test(one_allotment_that_follows_the_other_is_said),
        cmocka_unit_test(a_public_document_tells_nothing_of_other_campaigns),
        cmocka_unit_test(an_outlier_is_a_caution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
