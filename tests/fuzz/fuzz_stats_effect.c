// SPDX-License-Identifier: GPL-3.0-or-later
/* Treatment against control: every public function that answers with an effect or works on arms. */
#include "fuzz_stats.h"

#include <math.h>
#include <string.h>

enum { STRATA = 6, PERIODS = 6, UNITS = 12, REPLICATES = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void call_prop_single(struct feed *f)
{
    struct stats_prop arm = feed_prop(f);
    struct stats_prop_single r = stats_prop_single(&arm, feed_level(f));
    check_number(r.rate);
    struct stats_interval all[] = {r.wilson, r.wilson_cc, r.clopper_pearson, r.jeffreys,
                                   r.agresti_coull};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        check_interval(all[i]);
        must(all[i].is_known == (r.status == STATS_OK));
        must(all[i].lower >= 0 && all[i].upper <= 1);
    }
    check_number(stats_known(stats_prop_estimate(&arm).value));
}

static void call_prop_limits(struct feed *f)
{
    struct stats_prop a = feed_prop(f), b = feed_prop(f);
    double conf = feed_level(f);
    bool flag = feed_flag(f);
    check_interval(stats_wilson(&a, conf));
    check_interval(stats_wilson_cc(&a, conf));
    check_interval(stats_prop_newcombe(&a, &b, conf, flag));
    check_interval(stats_prop_agresti_caffo(&a, &b, conf));
    check_interval(stats_prop_katz(&a, &b, conf));
    check_interval(stats_prop_score_diff(&a, &b, conf, flag));
    check_interval(stats_prop_score_ratio(&a, &b, conf, flag));
}

static void call_prop_z(struct feed *f)
{
    struct stats_prop a = feed_prop(f), b = feed_prop(f);
    double at = feed_double(f);
    bool flag = feed_flag(f), is_sound = a.n > 0 && b.n > 0;
    is_sound = is_sound && stats_prop_is_sound(&a) && stats_prop_is_sound(&b);
    double by_diff = stats_prop_z_diff(&a, &b, at, flag);
    double by_ratio = stats_prop_z_ratio(&a, &b, at, flag);
    must(isnan(by_diff) == !(is_sound && at >= -1 && at <= 1));
    must(isnan(by_ratio) == !(is_sound && at > 0 && isfinite(at)));
}

static void call_prop_diff(struct feed *f)
{
    struct stats_prop a = feed_prop(f), b = feed_prop(f);
    double conf = feed_level(f);
    struct stats_prop_diff r = stats_prop_diff(&a, &b, conf);
    check_effect(&r.effect);
    check_p(r.p_pooled, r.log10_p_pooled);
    check_number(r.z_pooled);
    check_interval(r.wald);
    struct stats_effect e = stats_prop_scas(&a, &b, conf);
    if (conf >= 0.8)
        check_test(&e);
}

static void call_prop_exact(struct feed *f)
{
    struct stats_prop a = feed_prop(f), b = feed_prop(f);
    struct stats_fisher r = stats_fisher(&a, &b);
    check_number(r.p);
    check_number(r.mid_p);
    must(r.p.value >= 0 && r.p.value <= 1 && r.mid_p.value >= 0 && r.mid_p.value <= r.p.value);
}

static void check_noninferiority(const struct stats_noninferiority_prop *r)
{
    check_not_nan(r->z);
    check_not_nan(r->z_fm);
    must(r->p >= 0 && r->p <= 1 && r->p_fm >= 0 && r->p_fm <= 1);
}

static void call_prop_noninferiority(struct feed *f)
{
    struct stats_prop a = feed_prop(f), b = feed_prop(f);
    double margin = feed_double(f);
    struct stats_noninferiority_prop d = stats_noninferiority_diff(&a, &b, margin);
    struct stats_noninferiority_prop r = stats_noninferiority_ratio(&a, &b, margin);
    check_noninferiority(&d);
    check_noninferiority(&r);
}

static void call_welch(struct feed *f)
{
    struct stats_moments a = feed_moments(f), b = feed_moments(f);
    double conf = feed_level(f);
    struct stats_effect e = stats_welch(&a, &b, conf), s = stats_welch_skewed(&a, &b, conf);
    check_effect(&e);
    check_test(&s);
    check_number(stats_variance(&a));
    check_number(stats_skewness(&a));
}

static void check_one_sided(const struct stats_noninferiority_mean *r)
{
    check_not_nan(r->t);
    check_not_nan(r->df);
    must(r->p >= 0 && r->p <= 1 && r->p_tost >= r->p && r->p_tost <= 1);
}

static void call_mean_noninferiority(struct feed *f)
{
    struct stats_moments a = feed_moments(f), b = feed_moments(f);
    double margin = feed_double(f);
    struct stats_noninferiority_mean d = stats_noninferior_abs(&a, &b, margin);
    struct stats_noninferiority_mean r = stats_noninferior_rel(&a, &b, margin);
    check_one_sided(&d);
    check_one_sided(&r);
}

static void call_poststratified(struct feed *f)
{
    struct stats_moments a[STRATA], b[STRATA];
    size_t strata = feed_index(f, STRATA + 1);
    double conf = feed_level(f);
    for (size_t k = 0; k < strata; k++) {
        a[k] = feed_moments(f);
        b[k] = feed_moments(f);
    }
    struct stats_effect e = stats_poststratified(a, b, strata, conf);
    check_effect(&e);
}

static void call_ratio(struct feed *f)
{
    struct stats_comoments a = feed_comoments(f), b = feed_comoments(f);
    struct stats_effect e = stats_ratio(&a, &b, feed_level(f));
    check_effect(&e);
    struct stats_ratio_arm arm = stats_ratio_arm(&a);
    check_number(stats_known(arm.estimate.value));
    must(arm.status != STATS_OK || isfinite(arm.estimate.value));
    must(arm.status != STATS_OK || arm.estimate.variance >= 0);
}

static void call_cuped(struct feed *f)
{
    struct stats_comoments a = feed_comoments(f), b = feed_comoments(f);
    struct stats_cuped r = stats_cuped(&a, &b, feed_level(f));
    check_effect(&r.within);
    check_effect(&r.lin);
    check_effect(&r.unadjusted);
    check_number(r.theta_within);
    check_number(r.theta_joint);
    check_number(r.variance_reduction);
    check_number(r.balance_p);
}

/* Adds one visitor. */
static void add_visitor(struct stats_covariates *all, double y, const double *x)
{
    struct stats_covariates one = {.n = 1, .k = all->k, .mean_y = y};
    memcpy(one.mean_x, x, (size_t)all->k * sizeof(*x));
    stats_covariates_merge(all, &one);
}

static struct stats_covariates feed_covariates(struct feed *f, int k)
{
    struct stats_covariates all = {.k = k};
    size_t units = feed_index(f, UNITS);
    for (size_t i = 0; i < units; i++) {
        double x[STATS_COVARIATES];
        double y = feed_double(f);
        for (int j = 0; j < k; j++)
            x[j] = feed_double(f);
        add_visitor(&all, y, x);
    }
    return all;
}

static void check_cuped_many(const struct stats_cuped_many *r)
{
    check_effect(&r->within);
    check_effect(&r->lin);
    check_effect(&r->unadjusted);
    check_number(r->variance_reduction);
    for (int i = 0; i < STATS_COVARIATES; i++)
        must(isfinite(r->theta[i]));
}

static void call_cuped_many(struct feed *f)
{
    int k = 1 + (int)feed_index(f, STATS_COVARIATES);
    double conf = feed_level(f);
    struct stats_covariates a = feed_covariates(f, k), b = feed_covariates(f, k);
    struct stats_cuped_many r = stats_cuped_many(&a, &b, conf);
    check_cuped_many(&r);
    stats_covariates_merge(&a, &b);
    b.k = (int)(int8_t)feed_byte(f);
    r = stats_cuped_many(&a, &b, conf);
    check_cuped_many(&r);
}

static void call_contrast(struct feed *f)
{
    struct stats_estimate a = feed_estimate(f), b = feed_estimate(f);
    double cov = feed_flag(f) ? feed_double(f) : 0, critical = feed_double(f), g;
    double df = feed_flag(f) ? INFINITY : feed_double(f);
    struct stats_effect e = stats_contrast(a, b, cov, df, feed_level(f));
    check_effect(&e);
    struct stats_difference d = {feed_double(f), fabs(feed_double(f)), 0};
    d.cov_control = (2 * feed_level(f) - 1) * sqrt(d.variance) * sqrt(fabs(a.variance));
    e = stats_contrast_joint(a, b, d, df, feed_level(f));
    check_test(&e);
    check_interval(stats_fieller(a, b, cov, critical, &g));
    check_interval(stats_uplift_delta(a, b, critical));
    check_interval(stats_uplift_log(a, b, critical));
    stats_welch_df(a.variance, feed_double(f), b.variance, feed_double(f));
}

static void call_interaction(struct feed *f)
{
    struct stats_interaction_cell cells[2][2];
    for (int i = 0; i < 4; i++) {
        cells[i / 2][i % 2].n = feed_count(f);
        cells[i / 2][i % 2].mean = feed_estimate(f);
    }
    struct stats_interaction r = stats_interaction(cells, feed_level(f));
    check_effect(&r.without_b);
    check_effect(&r.with_b);
    check_number(r.diff);
    check_number(r.se);
    check_number(r.statistic);
    check_number(r.df);
    check_interval(r.interval);
    check_p(r.p_two_sided, r.log10_p);
    must(r.status != STATS_OK || (r.interval.is_known && r.p_two_sided.is_known));
}

static void check_arm(const struct stats_adaptive_arm *arm)
{
    check_number(arm->naive);
    check_number(arm->ipw);
    check_number(arm->aipw);
    must(isfinite(arm->stable.value) && isfinite(arm->stable.variance));
}

static void call_adaptive(struct feed *f)
{
    struct stats_adaptive_cell a[PERIODS], b[PERIODS];
    uint64_t arrivals[PERIODS];
    size_t periods = feed_index(f, PERIODS + 1);
    double conf = feed_level(f);
    for (size_t t = 0; t < periods; t++) {
        a[t].probability = feed_level(f) / 2;
        b[t].probability = feed_flag(f) ? 1 - a[t].probability : feed_level(f) / 2;
        a[t].values = feed_moments(f);
        b[t].values = feed_moments(f);
        arrivals[t] = feed_flag(f) ? a[t].values.n + b[t].values.n : feed_count(f);
    }
    struct stats_adaptive r = stats_adaptive(arrivals, a, b, periods, conf);
    check_effect(&r.effect);
    check_arm(&r.control);
    check_arm(&r.treatment);
}

static void fill_bootstrap(struct feed *f, struct stats_bootstrap *arm)
{
    size_t units = feed_index(f, UNITS);
    for (size_t i = 0; i < units; i++)
        stats_bootstrap_add(arm, feed_count(f), feed_double(f));
}

static void call_bootstrap(struct feed *f)
{
    struct stats_replicate one[REPLICATES], two[REPLICATES];
    struct stats_bootstrap a, b;
    double conf = feed_level(f), work[REPLICATES];
    int count = 1 + (int)feed_index(f, REPLICATES);
    uint64_t seed = feed_count(f);
    stats_bootstrap_init(&a, seed, one, count);
    stats_bootstrap_init(&b, feed_count(f), two, count);
    fill_bootstrap(f, &a);
    fill_bootstrap(f, &b);
    struct stats_effect e = stats_bootstrap_t(&a, &b, conf, work);
    check_test(&e);
    uint32_t counter[4] = {feed_byte(f)}, key[2] = {feed_byte(f)}, words[4];
    stats_philox(counter, key, words);
}

static struct stats_delta_arm feed_delta_arm(struct feed *f)
{
    struct stats_delta_arm arm = {.n = feed_double(f)};
    arm.plain = feed_estimate(f);
    arm.adjustment = feed_estimate(f);
    arm.cov = feed_double(f);
    return arm;
}

static void call_delta(struct feed *f)
{
    struct stats_delta_arm a = feed_delta_arm(f), b = feed_delta_arm(f);
    struct stats_delta d = stats_delta(&a, &b, feed_flag(f));
    must(isfinite(d.effect.value) && isfinite(d.effect.variance) && isfinite(d.df));
    struct stats_delta_result r =
        stats_delta_test(&d, (enum stats_delta_test)feed_index(f, STATS_DELTA_SEQUENTIAL_LESS + 1),
                         feed_level(f), feed_double(f), feed_double(f));
    check_interval(r.interval);
    check_number(r.p);
    must(r.p.value >= 0 && r.p.value <= 1);
}

static const fuzz_call calls[] = {
    call_prop_single,    call_prop_limits,
    call_prop_z,         call_prop_diff,
    call_prop_exact,     call_prop_noninferiority,
    call_welch,          call_mean_noninferiority,
    call_poststratified, call_ratio,
    call_cuped,          call_cuped_many,
    call_contrast,       call_interaction,
    call_adaptive,       call_bootstrap,
    call_delta,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_dispatch(calls, sizeof(calls) / sizeof(calls[0]), data, size);
    return 0;
}
