// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_arm.h"

#include "results/sums/results_find.h"

#include <math.h>

#define CONVERSIONS_MIN 5
#define UNITS_MIN       100
#define RATIO_MIN       30 /* units that a ratio stands on */
#define UNLIKE_SIZES    1.5

static const struct stats_beta_prior jeffreys = {0.5, 0.5};
static const struct stats_normal_prior flat = {0, INFINITY};

struct stats_estimate results_estimate_of(const struct results_metric *m,
                                          const struct results_arm *a)
{
    if (m->method == METHOD_PROPORTION)
        return stats_prop_estimate(&a->prop);
    if (m->method == METHOD_RATIO)
        return stats_ratio_arm(&a->comoments).estimate;
    return stats_mean_estimate(&a->moments);
}

/* A sum too large for exact arithmetic is said to be invalid, not computed roughly. */
static enum stats_status take_proportion(struct results_arm *a)
{
    __int128 x;
    if (!stats_parse_fixed(a->sums.n, 0, &x) || x < 0 || (uint64_t)x > a->sums.units)
        return STATS_INVALID;
    a->prop = (struct stats_prop){.x = (uint64_t)x, .n = a->sums.units};
    if (a->prop.n == 0)
        return STATS_NO_DATA;
    struct stats_estimate e = stats_prop_estimate(&a->prop);
    a->value = stats_known(e.value);
    a->se = stats_known(sqrt(e.variance));
    return STATS_OK;
}

/* In arithmetic that is exact. 'cubes' NULL: nothing is known of a heavy tail. */
static bool take_moments(const struct results_metric *m, struct results_arm *a, const char *cubes)
{
    struct stats_sums sums = {.n = a->sums.units, .unit = m->unit_n};
    bool is_taken = stats_parse_fixed(a->sums.n, 0, &sums.s1) &&
                    stats_parse_fixed(a->sums.nn, 0, &sums.s2) &&
                    (!cubes || stats_parse_fixed(cubes, 0, &sums.s3)) &&
                    stats_moments_from_sums(&sums, &a->moments);
    if (is_taken && !cubes)
        a->moments.m3 = 0;
    return is_taken;
}

static enum stats_status take_mean(const struct results_metric *m, struct results_arm *a)
{
    if (!a->sums.nn && a->sums.units == 0)
        return STATS_NO_DATA;
    if (!a->sums.nn) {
        a->value = stats_known(a->sum.value / (double)a->sums.units);
        return STATS_NO_SPREAD;
    }
    /* Cubes pass 2^126 first; without them nothing but the warning of a heavy tail is lost. */
    if (!take_moments(m, a, a->sums.nnn) && !take_moments(m, a, NULL))
        return STATS_INVALID;
    if (a->moments.n == 0)
        return STATS_NO_DATA;
    a->value = stats_known(a->moments.mean);
    if (a->moments.n > 1)
        a->se = stats_known(sqrt(stats_mean_estimate(&a->moments).variance));
    return STATS_OK;
}

static enum stats_status take_ratio(const struct results_metric *m, struct results_arm *a)
{
    struct stats_cross_sums sums = {.n = a->sums.units, .unit_x = m->unit_n, .unit_y = m->unit_d};
    if (!a->sums.nn || !a->sums.nd || !a->sums.dd)
        return STATS_NO_SPREAD;
    if (!stats_parse_fixed(a->sums.n, 0, &sums.x) || !stats_parse_fixed(a->sums.d, 0, &sums.y) ||
        !stats_parse_fixed(a->sums.nn, 0, &sums.xx) ||
        !stats_parse_fixed(a->sums.dd, 0, &sums.yy) ||
        !stats_parse_fixed(a->sums.nd, 0, &sums.xy) ||
        !stats_comoments_from_sums(&sums, &a->comoments))
        return STATS_INVALID;
    struct stats_ratio_arm ratio = stats_ratio_arm(&a->comoments);
    if (ratio.status == STATS_OK || ratio.status == STATS_INSUFFICIENT_DATA)
        a->value = stats_known(ratio.estimate.value);
    if (ratio.status == STATS_OK)
        a->se = stats_known(sqrt(ratio.estimate.variance));
    return ratio.status;
}

/* A division of two whole numbers rounds once: 3031169 / 100 is 30311.69. */
static struct stats_number whole_sum(const char *sum, double unit)
{
    __int128 value;
    if (!stats_parse_fixed(sum, 0, &value))
        return (struct stats_number){0};
    return stats_known(unit < 1 ? (double)value / (double)(int64_t)(1 / unit + 0.5)
                                : (double)value * unit);
}

struct results_arm results_arm_of(const struct results_metric *m, const struct results_sums *sums)
{
    struct results_arm a = {.sums = *sums, .scale = m->scale};
    a.sum = whole_sum(sums->n, m->unit_n);
    a.has_denominator = m->method == METHOD_RATIO;
    if (a.has_denominator)
        a.denominator = whole_sum(sums->d, m->unit_d);
    if (m->method == METHOD_PROPORTION)
        a.status = take_proportion(&a);
    else if (m->method == METHOD_MEAN)
        a.status = take_mean(m, &a);
    else
        a.status = take_ratio(m, &a);
    if (m->is_repeated && a.value.is_known) {
        a.status = STATS_REPEATED_UNITS;
        a.se = (struct stats_number){0};
    }
    return a;
}

struct results_arm results_arm_at(const struct results *r, const struct results_metric *m,
                                  size_t variant, const char *dimension, const char *value)
{
    struct results_sums sums =
        results_sums_of(results_find_sums(r, m->id, r->variants[variant].key, dimension, value));
    return results_arm_of(m, &sums);
}

struct results_arm results_arm_on(const struct results *r, const struct results_metric *m,
                                  size_t variant, const struct results_day *day)
{
    struct results_sums sums =
        results_sums_of(results_find_look(r, day, m->id, r->variants[variant].key));
    return results_arm_of(m, &sums);
}

struct results_arm results_arm_none(void)
{
    return (struct results_arm){.status = STATS_SINGLE_ARM};
}

/* How many units a ratio stands on: (sum d)^2 / sum d^2, as many as have a denominator where all of
 * them are alike [Kish 1965]. */
static double carriers_of(const struct stats_comoments *c)
{
    const double n = (double)c->n, sum = n * c->mean_y, squares = c->m2_y + sum * c->mean_y;
    return squares > 0 ? sum * sum / squares : 0;
}

bool results_is_enough(const struct results_metric *m, const struct results_arm *a)
{
    if (a->status)
        return false;
    if (m->method == METHOD_PROPORTION)
        return a->prop.x >= CONVERSIONS_MIN && a->prop.n - a->prop.x >= CONVERSIONS_MIN;
    return a->se.is_known && a->sums.units >= UNITS_MIN &&
           (m->method != METHOD_RATIO || carriers_of(&a->comoments) >= RATIO_MIN);
}

static void compare_proportions(struct results_effect *e, const struct results_arm *control,
                                const struct results_arm *treatment, double confidence)
{
    e->prop = stats_prop_diff(&control->prop, &treatment->prop, confidence);
    e->frequentist = e->prop.effect;
    e->bayesian =
        stats_beta_binomial(&jeffreys, &control->prop, &treatment->prop, confidence, 0).posterior;
}

/* What values alone say, where they are known. */
static struct stats_effect point_of(const struct results_arm *control,
                                    const struct results_arm *treatment, double confidence)
{
    struct stats_effect e = {.status = control->status ? control->status : treatment->status,
                             .conf = confidence};
    bool is_point = e.status == STATS_NO_SPREAD || e.status == STATS_REPEATED_UNITS;
    if (!is_point || !control->value.is_known || !treatment->value.is_known)
        return e;
    e.diff = stats_known(treatment->value.value - control->value.value);
    if (control->value.value != 0)
        e.uplift = stats_known(e.diff.value / fabs(control->value.value));
    return e;
}

struct stats_effect results_test_of(const struct results_metric *m,
                                    const struct results_arm *control,
                                    const struct results_arm *treatment, double confidence)
{
    if (control->status || treatment->status)
        return point_of(control, treatment, confidence);
    if (m->method == METHOD_PROPORTION)
        return stats_prop_diff(&control->prop, &treatment->prop, confidence).effect;
    if (m->method == METHOD_MEAN)
        return stats_welch(&control->moments, &treatment->moments, confidence);
    return stats_ratio(&control->comoments, &treatment->comoments, confidence);
}

struct stats_number results_chance_of(const struct results_metric *m,
                                      const struct results_arm *control,
                                      const struct results_arm *treatment)
{
    if (m->method != METHOD_PROPORTION || control->status || treatment->status)
        return results_effect_of(m, control, treatment, 0.95).bayesian.chance_to_win;
    return stats_beta_chance(&jeffreys, &control->prop, &treatment->prop);
}

/* Arms of about one size lean to neither side. */
static void correct_skewness(struct results_effect *e, const struct results_arm *control,
                             const struct results_arm *treatment, double confidence)
{
    const double a = (double)control->moments.n, b = (double)treatment->moments.n;
    if (!(e->frequentist.warnings & STATS_WARN_HEAVY_TAIL) ||
        fmax(a, b) < UNLIKE_SIZES * fmin(a, b))
        return;
    e->skewed = stats_welch_skewed(&control->moments, &treatment->moments, confidence);
    e->is_skewed = e->skewed.interval.is_known;
}

struct results_effect results_effect_of(const struct results_metric *m,
                                        const struct results_arm *control,
                                        const struct results_arm *treatment, double confidence)
{
    struct results_effect e = {.method = m->method,
                               .is_proportion = m->method == METHOD_PROPORTION,
                               .prior = {.a = jeffreys.a, .b = jeffreys.b}};
    e.prior.is_beta = e.is_proportion;
    e.prior.is_normal = !e.is_proportion;
    enum stats_status status = control->status ? control->status : treatment->status;
    e.bayesian = (struct stats_posterior){.status = status, .conf = confidence};
    if (status) {
        e.frequentist = point_of(control, treatment, confidence);
        return e;
    }
    if (m->method == METHOD_PROPORTION) {
        compare_proportions(&e, control, treatment, confidence);
        return e;
    }
    e.frequentist = results_test_of(m, control, treatment, confidence);
    if (m->method == METHOD_MEAN)
        correct_skewness(&e, control, treatment, confidence);
    if (!control->se.is_known || !treatment->se.is_known)
        e.bayesian.status = STATS_INSUFFICIENT_DATA;
    else
        e.bayesian =
            stats_normal_compare(results_estimate_of(m, control), results_estimate_of(m, treatment),
                                 0, &flat, confidence, 0)
                .posterior;
    return e;
}
