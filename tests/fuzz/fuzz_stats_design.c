// SPDX-License-Identifier: GPL-3.0-or-later
/* Around the test: planned looks, sample ratio, segments and days, planning, many tests at once. */
#include "fuzz_stats.h"

#include <math.h>

enum { ARMS = 5, LOOKS = 4, TESTS = 10, DAYS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Mostly a few, sometimes as many as there can be and more, or none. */
static int feed_looks(struct feed *f)
{
    return (int)feed_index(f, feed_byte(f) < 230 ? LOOKS + 2 : STATS_GROUP_LOOKS + 3) - 1;
}

static void call_group(struct feed *f)
{
    struct stats_group g = {.looks = feed_looks(f), .alpha = feed_level(f)};
    enum stats_spending spending = (enum stats_spending)feed_index(f, STATS_SPEND_HSD + 1);
    bool is_raw = feed_flag(f);
    double par = feed_double(f), diff = feed_double(f), se = feed_double(f);
    g.is_two_sided = feed_flag(f);
    for (int k = 0; k < g.looks && k < STATS_GROUP_LOOKS; k++)
        g.t[k] = is_raw ? feed_double(f) : (k + 1 - feed_level(f) / 2) / g.looks;
    uint8_t kind = feed_byte(f);
    if (kind >= 128 && g.looks >= 1 && g.looks <= STATS_GROUP_LOOKS)
        g.t[g.looks - 1] = 1;
    if (kind < 64)
        stats_group_classic(&g, feed_flag(f));
    else if (kind < 160)
        stats_group_bounds(&g, spending, par);
    else
        stats_group_bounds_overrun(&g, spending, par, 1 + fabs(feed_double(f)));
    for (int k = 0; k < g.looks && g.status == STATS_OK; k++) {
        check_not_nan(g.z[k]);
        must(g.nominal_p[k] >= 0 && g.nominal_p[k] <= 2);
        must(g.cumulative[k] >= 0 && g.cumulative[k] <= 1 + 1e-9);
    }
    struct stats_stopped s =
        stats_group_stopped(&g, (int)feed_index(f, STATS_GROUP_LOOKS + 1), diff, se, feed_level(f));
    check_number(s.p_two_sided);
    check_number(s.log10_p);
    check_number(s.p_upper);
    check_number(s.median_unbiased);
    check_interval(s.interval);
}

static void call_group_power(struct feed *f)
{
    struct stats_group g = {.looks = 1 + (int)feed_index(f, 3), .alpha = feed_level(f)};
    g.is_two_sided = feed_flag(f);
    for (int k = 0; k < g.looks; k++)
        g.t[k] = (double)(k + 1) / g.looks;
    stats_group_bounds(&g, STATS_SPEND_OBF, 0);
    double power = feed_level(f), drift = feed_double(f);
    check_number(stats_group_drift(&g, power));
    check_number(stats_group_inflation(&g, power));
    double reached = stats_group_power(&g, drift);
    must(isnan(reached) == !(g.status == STATS_OK && isfinite(drift)));
    must(isnan(reached) || (reached >= 0 && reached <= 1 + 1e-9));
    double z = feed_double(f), t = feed_double(f), critical = feed_double(f);
    stats_conditional_power(z, t, drift, critical);
    stats_predictive_power(z, t, critical);
    double spent = stats_spend((enum stats_spending)feed_index(f, STATS_SPEND_HSD + 1),
                               feed_double(f), power, t);
    must(isnan(spent) || spent >= 0);
}

static void call_srm(struct feed *f)
{
    uint64_t observed[ARMS];
    double weights[ARMS], k;
    size_t arms = feed_index(f, ARMS + 1);
    bool has_zero = false;
    for (size_t i = 0; i < arms; i++) {
        observed[i] = feed_count(f);
        weights[i] = feed_double(f);
        has_zero = has_zero || weights[i] == 0;
    }
    struct stats_srm r = stats_srm(observed, weights, arms);
    check_number(r.chi2);
    check_number(r.df);
    check_p(r.p, r.log10_p);
    check_number(r.min_expected);
    must(r.status != STATS_OK || (r.p.is_known && r.chi2.value >= 0));
    struct stats_number p = stats_srm_p(&r);
    check_number(p);
    must(p.is_known == (r.status == STATS_OK) && p.value >= 0 && p.value <= 1);
    k = feed_double(f);
    double log_bf = stats_srm_log_bayes(observed, weights, arms, k);
    must(!(r.status == STATS_OK && k > 1e-6 && k < 1e9) || has_zero || !isnan(log_bf));
}

static void call_after(struct feed *f)
{
    struct stats_estimate segments[TESTS];
    struct stats_trend_day days[DAYS];
    double shrunk[TESTS], conf = feed_level(f);
    size_t k = feed_index(f, TESTS + 1), count = feed_index(f, DAYS + 1);
    for (size_t i = 0; i < k; i++)
        segments[i] = feed_estimate(f);
    struct stats_heterogeneity h = stats_heterogeneity(segments, k, conf, shrunk);
    const struct stats_number numbers[] = {h.fixed, h.fixed_se, h.q,      h.df,       h.p,
                                           h.i2,    h.tau2,     h.random, h.random_se};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        check_number(numbers[i]);
    check_interval(h.fixed_interval);
    check_interval(h.random_interval);
    for (size_t i = 0; i < k && h.status == STATS_OK; i++)
        must(isfinite(shrunk[i]));
    must(h.status != STATS_OK || (h.fixed.is_known && h.random.is_known && h.tau2.value >= 0));
    for (size_t i = 0; i < count; i++) {
        days[i].day = feed_double(f);
        days[i].effect = feed_estimate(f);
    }
    struct stats_trend t = stats_trend(days, count, conf);
    const struct stats_number of[] = {t.first, t.first_se, t.last,  t.last_se, t.slope,
                                      t.z,     t.slope_se, t.fit_q, t.fit_df,  t.fit_p};
    for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
        check_number(of[i]);
    check_interval(t.last_interval);
    check_interval(t.slope_interval);
    check_p(t.p_two_sided, t.log10_p);
    must(t.status != STATS_OK || (t.slope.is_known && t.last.is_known && t.p_two_sided.is_known));
}

static void call_selection(struct feed *f)
{
    double estimate = feed_double(f), se = feed_double(f), alpha = feed_level(f);
    struct stats_selection s = stats_selection(estimate, se, alpha, feed_level(f));
    check_number(s.z);
    check_number(s.median_unbiased);
    check_number(s.conditional_mle);
    check_interval(s.interval);
    must(s.status != STATS_OK || (s.median_unbiased.is_known && s.interval.is_known));
}

static void call_plan(struct feed *f)
{
    struct stats_design design = {feed_level(f), feed_double(f), (int)feed_index(f, 4)};
    double p1 = feed_level(f), p2 = feed_level(f), power = feed_level(f), n1 = feed_double(f);
    double delta = feed_double(f), sd = feed_double(f);
    struct stats_prop_size s = stats_prop_size(&design, p1, p2, power);
    check_number(s.pooled);
    check_number(s.unpooled);
    check_number(s.baseline);
    check_number(s.arcsine);
    must(s.status != STATS_OK || (s.pooled.is_known && s.unpooled.is_known));
    struct stats_number least = stats_prop_detectable(&design, p1, n1, power);
    check_number(least);
    must(!least.is_known || (least.value >= p1 && least.value <= 1));
    bool is_strict = feed_flag(f);
    double of_props = stats_prop_power(&design, p1, p2, n1, is_strict);
    double of_means = stats_mean_power(&design, delta, sd, n1, is_strict);
    must(isnan(of_props) || (of_props >= 0 && of_props <= 1 + 1e-9));
    must(isnan(of_means) || (of_means >= 0 && of_means <= 1 + 1e-9));
    struct stats_mean_size m = stats_mean_size(&design, delta, sd, power);
    check_number(m.t);
    check_number(m.normal);
}

static void call_multiplicity(struct feed *f)
{
    struct stats_number p[TESTS], adjusted[TESTS];
    size_t order[TESTS], count = feed_index(f, TESTS + 1);
    for (size_t i = 0; i < count; i++) {
        p[i] = stats_known(feed_level(f));
        p[i].is_known = p[i].is_known && feed_byte(f) < 230;
    }
    enum stats_adjustment method = (enum stats_adjustment)feed_index(f, STATS_BY + 1);
    enum stats_local_test local = (enum stats_local_test)feed_index(f, 2);
    must(stats_adjust(method, p, count, order, adjusted) <= count);
    for (size_t i = 0; i < count; i++) {
        check_number(adjusted[i]);
        must(adjusted[i].value >= 0 && adjusted[i].value <= 1);
    }
    if (stats_closed(local, p, count, adjusted) == STATS_OK)
        for (size_t i = 0; i < count; i++)
            must(!adjusted[i].is_known ||
                 (adjusted[i].value >= p[i].value && adjusted[i].value <= 1));
    stats_fcr_conf(feed_level(f), feed_index(f, 8), feed_index(f, 8));
}

static const fuzz_call calls[] = {
    call_group,     call_group_power, call_srm,          call_after,
    call_selection, call_plan,        call_multiplicity,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_dispatch(calls, sizeof(calls) / sizeof(calls[0]), data, size);
    return 0;
}
