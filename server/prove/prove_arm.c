// SPDX-License-Identifier: GPL-3.0-or-later
#include "prove/prove_private.h"

#include <math.h>

/* Apart from the indexes that prove_split_draw takes. */
#define LIFT_INDEX (UINT64_C(1) << 63)

struct prove_sums prove_sums_rest(const struct prove_sums *all, const struct prove_sums *part)
{
    return (struct prove_sums){
        .units = all->units - part->units,
        .nonzero = all->nonzero - part->nonzero,
        .x = all->x - part->x,
        .xx = all->xx - part->xx,
        .y = all->y - part->y,
        .yy = all->yy - part->yy,
        .xy = all->xy - part->xy,
    };
}

/* Sums that are too large leave the arm without units, which every test answers with a status. */
struct prove_arm prove_arm_of(enum prove_kind kind, const struct prove_sums *sums)
{
    struct prove_arm arm = {.units = sums->units, .nonzero = sums->nonzero};
    if (kind == PROVE_CONVERSION) {
        arm.prop = (struct stats_prop){.x = (uint64_t)sums->x, .n = sums->units};
    } else if (kind == PROVE_MEAN) {
        const struct stats_sums one = {.n = sums->units, .unit = 1, .s1 = sums->x, .s2 = sums->xx};
        if (!stats_moments_from_sums(&one, &arm.moments))
            arm.moments = (struct stats_moments){0};
    } else {
        const struct stats_cross_sums two = {.n = sums->units,
                                             .unit_x = 1,
                                             .unit_y = 1,
                                             .x = sums->x,
                                             .y = sums->y,
                                             .xx = sums->xx,
                                             .yy = sums->yy,
                                             .xy = sums->xy};
        if (!stats_comoments_from_sums(&two, &arm.comoments))
            arm.comoments = (struct stats_comoments){0};
    }
    return arm;
}

static struct stats_effect test_conversion(const struct prove_arm *control,
                                           const struct prove_arm *treatment, double confidence)
{
    return stats_prop_diff(&control->prop, &treatment->prop, confidence).effect;
}

static struct stats_effect test_mean(const struct prove_arm *control,
                                     const struct prove_arm *treatment, double confidence)
{
    return stats_welch(&control->moments, &treatment->moments, confidence);
}

static struct stats_effect test_ratio(const struct prove_arm *control,
                                      const struct prove_arm *treatment, double confidence)
{
    return stats_ratio(&control->comoments, &treatment->comoments, confidence);
}

prove_test_fn *prove_test_of(enum prove_kind kind)
{
    static prove_test_fn *const tests[] = {
        [PROVE_CONVERSION] = test_conversion, [PROVE_MEAN] = test_mean, [PROVE_RATIO] = test_ratio};
    return tests[kind];
}

/* Successes of 'trials' with chance q, by the lengths of the failures' runs. */
static uint64_t successes(uint64_t trials, double q, uint64_t seed, uint64_t run)
{
    uint64_t count = 0;
    double at = 0;
    if (q <= 0)
        return 0;
    if (q >= 1)
        return trials;
    for (uint64_t index = LIFT_INDEX;; index++) {
        double u = ((double)(prove_random(seed, run, index) >> 11) + 0.5) * 0x1p-53;
        at += floor(log(u) / log1p(-q)) + 1;
        if (at > (double)trials)
            return count;
        count++;
    }
}

static struct stats_prop lift_conversions(const struct stats_prop *arm,
                                          const struct prove_plan *plan, uint64_t run)
{
    struct stats_prop lifted = *arm;
    double rate = arm->n ? (double)arm->x / (double)arm->n : 0;
    if (plan->uplift < 0)
        lifted.x -= successes(arm->x, -plan->uplift, plan->seed, run);
    else if (rate < 1)
        lifted.x += successes(arm->n - arm->x, plan->uplift * rate / (1 - rate), plan->seed, run);
    return lifted;
}

struct prove_arm prove_arm_lifted(enum prove_kind kind, const struct prove_arm *arm,
                                  const struct prove_plan *plan, uint64_t run)
{
    struct prove_arm lifted = *arm;
    const double by = 1 + plan->uplift;
    if (kind == PROVE_CONVERSION) {
        lifted.prop = lift_conversions(&arm->prop, plan, run);
    } else if (kind == PROVE_MEAN) {
        lifted.moments.mean *= by;
        lifted.moments.m2 *= by * by;
        lifted.moments.m3 *= by * by * by;
    } else {
        lifted.comoments.mean_x *= by;
        lifted.comoments.m2_x *= by * by;
        lifted.comoments.c_xy *= by;
    }
    return lifted;
}

static double power_of_mean(double mean, double sd, double units, const struct prove_plan *plan)
{
    const struct stats_design design = {.alpha = 1 - plan->confidence, .ratio = 1, .sides = 2};
    /* The lifted arm spreads more by the same factor; the planner takes one sd for both. */
    double by = 1 + plan->uplift;
    return stats_mean_power(&design, fabs(mean * plan->uplift), sd * sqrt((1 + by * by) / 2),
                            units / 2, true);
}

struct stats_number prove_planned_power(enum prove_kind kind, const struct prove_sums *all,
                                        const struct prove_plan *plan)
{
    const struct prove_arm arm = prove_arm_of(kind, all);
    const double units = (double)all->units;
    struct stats_number unknown = {0};
    if (plan->uplift == 0)
        return unknown;
    if (kind == PROVE_CONVERSION) {
        const struct stats_design design = {.alpha = 1 - plan->confidence, .ratio = 1, .sides = 2};
        double rate = (double)arm.prop.x / units, lifted = rate * (1 + plan->uplift);
        if (rate <= 0 || rate >= 1 || lifted <= 0 || lifted >= 1)
            return unknown;
        return stats_known(stats_prop_power(&design, rate, lifted, units / 2, true));
    }
    if (kind == PROVE_MEAN && arm.moments.m2 > 0)
        return stats_known(power_of_mean(arm.moments.mean,
                                         sqrt(stats_mean_estimate(&arm.moments).variance * units),
                                         units, plan));
    struct stats_ratio_arm ratio = stats_ratio_arm(&arm.comoments);
    if (kind == PROVE_RATIO && ratio.status == STATS_OK && ratio.estimate.variance > 0)
        return stats_known(power_of_mean(ratio.estimate.value,
                                         sqrt(ratio.estimate.variance * units), units, plan));
    return unknown;
}
