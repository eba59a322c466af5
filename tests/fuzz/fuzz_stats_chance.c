// SPDX-License-Identifier: GPL-3.0-or-later
/* Distributions, quadrature, posteriors, always-valid tests. */
#include "fuzz_stats.h"

#include "stats/core/quad.h"
#include "stats/core/root.h"
#include "stats/rate/beta_pair.h"

#include <math.h>

enum { ARMS = 5, LOOKS = 4, EDGES = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tail(double p, double log_p)
{
    must(p >= 0 && p <= 1 && log_p <= 1e-12);
    if (p > 1e-290)
        must(fabs(log(p) - log_p) <= 1e-9 * (1 - log_p));
}

static void call_normal_tail(struct feed *f)
{
    double z = feed_double(f), q = feed_double(f);
    bool is_level = q >= 0 && q <= 1;
    must(isnan(stats_norm_z(q)) == !is_level);
    must(isnan(stats_norm_critical(q)) == !is_level);
    if (isnan(z))
        return;
    check_tail(stats_norm_q(z), stats_norm_log_q(z));
    must(stats_norm_p(z) == stats_norm_q(-z));
    must(stats_norm_pdf(z) >= 0 && stats_norm_loss(z) >= 0);
}

static void call_t_tail(struct feed *f)
{
    double t = feed_double(f), df = feed_double(f), q = feed_level(f);
    bool is_df = df > 0;
    must(isnan(stats_t_quantile(q, df)) == !(is_df && q >= 0 && q <= 1));
    must(isnan(stats_t_q(t, df)) == (!is_df || isnan(t)));
    must(isnan(stats_t_log_q(t, df)) == (!is_df || isnan(t)));
    if (is_df && !isnan(t))
        check_tail(stats_t_q(t, df), stats_t_log_q(t, df));
}

static void call_chi2_tail(struct feed *f)
{
    double x = feed_double(f), df = feed_double(f);
    bool is_sound = df >= 1e-3 && isfinite(df) && !isnan(x);
    must(isnan(stats_chi2_q(x, df)) == !is_sound);
    must(isnan(stats_chi2_log_q(x, df)) == !is_sound);
    if (is_sound)
        check_tail(stats_chi2_q(x, df), stats_chi2_log_q(x, df));
}

static void call_gamma(struct feed *f)
{
    double x = feed_double(f), h = feed_double(f);
    bool is_sound = x > 0 && isfinite(x);
    must(isnan(stats_log_gamma(x)) == !(x > 0));
    must(isnan(stats_stirling_rest(x)) == !(x > 0));
    if (is_sound && x + h > 0 && isfinite(x + h))
        check_not_nan(stats_log_gamma_step(x, h));
}

/* A cubic, with whatever a formula can do wrong. */
static double cubic(double x, const void *context)
{
    const double *c = context;
    return c[0] + x * (c[1] + x * (c[2] + x * c[3]));
}

static void call_root(struct feed *f)
{
    double c[4], lo = feed_double(f), hi = feed_double(f);
    for (int i = 0; i < 4; i++)
        c[i] = feed_double(f);
    stats_root(cubic, c, lo, hi);
    stats_root_within(cubic, c, lo, hi, feed_double(f));
    stats_root_from(cubic, c, lo, feed_double(f), hi, feed_double(f));
    stats_quad(cubic, c, lo, hi, (int)feed_index(f, 64));
}

static void call_quad(struct feed *f)
{
    double values[STATS_QUAD_NODES], series[STATS_QUAD_NODES + 1];
    double edges[2 * EDGES], more[EDGES];
    int count = (int)feed_index(f, EDGES + 1), extra = (int)feed_index(f, EDGES + 1);
    for (int i = 0; i < STATS_QUAD_NODES; i++)
        values[i] = feed_double(f);
    stats_quad_antiderivative(values, series);
    stats_quad_series(series, feed_double(f));
    for (int i = 0; i < EDGES; i++) {
        edges[i] = (i > 0 ? edges[i - 1] : 0) + feed_byte(f);
        more[i] = (i > 0 ? more[i - 1] : 0) + feed_byte(f);
    }
    must(stats_quad_merge(edges, count, more, extra) == count + extra);
    for (int i = 1; i < count + extra; i++)
        must(edges[i - 1] <= edges[i]);
}

static void call_beta(struct feed *f)
{
    struct stats_beta_prior prior = {feed_double(f), feed_double(f)};
    struct stats_beta beta;
    if (!stats_beta_is_prior(&prior))
        return;
    stats_beta_init(&beta, prior.a + (double)feed_count(f), prior.b + (double)feed_count(f));
    double d = feed_double(f), q = feed_level(f);
    if (!isnan(d)) {
        double below = stats_beta_below(&beta, d), above = stats_beta_above(&beta, d);
        must(below >= 0 && above >= 0 && fabs(below + above - 1) < 1e-10);
        must(stats_beta_density(&beta.shape, d) >= 0);
        double x = stats_beta_x(&beta.shape, d);
        must(x >= 0 && x <= 1);
        check_not_nan(stats_beta_deviate(&beta.shape, x));
    }
    if (q > 0 && q < 1) {
        double low = stats_beta_quantile(&beta, q), high = stats_beta_upper_quantile(&beta, q);
        must(low >= 0 && low <= 1 && high >= 0 && high <= 1);
    }
}

static void call_beta_walk(struct feed *f)
{
    struct stats_beta_prior prior = {feed_double(f), feed_double(f)};
    struct stats_beta beta;
    int panel = 0;
    if (!stats_beta_is_prior(&prior))
        return;
    stats_beta_init(&beta, prior.a + (double)feed_count(f), prior.b + (double)feed_count(f));
    double fall = feed_double(f), d = feed_double(f), step = fabs(feed_double(f));
    double left = stats_beta_reach(&beta.shape, -1, fall);
    double right = stats_beta_reach(&beta.shape, 1, fall);
    must(left > 0 && isfinite(left) && right > 0 && isfinite(right));
    for (int i = 0; i < EDGES && !isnan(d); i++, d += step) {
        struct stats_tails tails = stats_beta_tails(&beta, d, &panel);
        must(fabs(tails.below - stats_beta_below(&beta, d)) < 1e-12);
        must(fabs(tails.above - stats_beta_above(&beta, d)) < 1e-12);
    }
}

static void check_tails(struct stats_tails tails)
{
    must(tails.below >= 0 && tails.above >= 0 && fabs(tails.below + tails.above - 1) < 1e-8);
}

static void call_beta_pair(struct feed *f)
{
    struct stats_beta_prior prior = {feed_double(f), feed_double(f)};
    struct stats_prop a = feed_prop(f), b = feed_prop(f);
    struct stats_beta_pair pair;
    struct stats_number chance = stats_beta_chance(&prior, &a, &b);
    bool is_sound =
        stats_beta_is_prior(&prior) && stats_prop_is_sound(&a) && stats_prop_is_sound(&b);
    must(chance.is_known == is_sound);
    if (!is_sound)
        return;
    stats_beta_pair_init(&pair, prior.a + (double)a.x, prior.b + (double)(a.n - a.x),
                         prior.a + (double)b.x, prior.b + (double)(b.n - b.x));
    struct stats_beta_duel duel = stats_beta_pair_duel(&pair);
    must(duel.small_loss >= 0 && duel.small_loss <= 1);
    check_tails((struct stats_tails){duel.first_above, duel.second_above});
    must(fabs(chance.value - duel.second_above) < 1e-8);
    double d = feed_double(f), log_r = feed_double(f);
    if (!isnan(d))
        check_tails(stats_beta_pair_diff(&pair, d));
    if (isfinite(log_r))
        check_tails(stats_beta_pair_ratio(&pair, log_r));
}

static void call_beta_binomial(struct feed *f)
{
    bool is_jeffreys = feed_flag(f);
    struct stats_beta_prior prior = {0.5, 0.5};
    if (!is_jeffreys)
        prior = (struct stats_beta_prior){feed_double(f), feed_double(f)};
    struct stats_prop a = feed_prop(f), b = feed_prop(f);
    double conf = feed_level(f), rope = feed_double(f);
    struct stats_beta_binomial r = stats_beta_binomial(&prior, &a, &b, conf, rope);
    check_posterior(&r.posterior);
    check_number(r.mean1);
    check_number(r.mean2);
    check_interval(r.interval1);
    check_interval(r.interval2);
    must(r.posterior.status != STATS_OK || r.interval1.is_known);
}

static void check_best(const struct stats_best *r, int count)
{
    double total = 0;
    check_not_nan(r->expected_max);
    for (int i = 0; i < count && r->status == STATS_OK; i++) {
        must(r->p_best[i] >= 0 && r->p_top_two[i] <= 1 && r->p_best[i] <= r->p_top_two[i] + 1e-9);
        must(r->expected_loss[i] >= 0 && isfinite(r->mean[i]));
        total += r->p_best[i];
    }
    must(r->status != STATS_OK || fabs(total - 1) < 1e-6);
}

static void call_best(struct feed *f)
{
    struct stats_beta_prior prior = {feed_double(f), feed_double(f)};
    struct stats_prop props[ARMS];
    struct stats_estimate normals[ARMS];
    int count = (int)feed_index(f, ARMS + 1);
    for (int i = 0; i < ARMS; i++) {
        props[i] = feed_prop(f);
        normals[i] = feed_estimate(f);
    }
    struct stats_best r = stats_beta_best(&prior, props, count);
    check_best(&r, count);
    r = stats_normal_best(normals, count);
    check_best(&r, count);
}

static void call_gamma_poisson(struct feed *f)
{
    struct stats_gamma_prior prior = {feed_double(f), feed_double(f)};
    struct stats_count a = {feed_double(f), feed_double(f)}, b = {feed_double(f), feed_double(f)};
    struct stats_gamma_poisson r = stats_gamma_poisson(&prior, &a, &b, feed_level(f));
    check_posterior(&r.posterior);
    check_number(r.mean1);
    check_number(r.mean2);
}

static void call_dispersion(struct feed *f)
{
    struct stats_moments counts = feed_moments(f);
    struct stats_dispersion r = stats_dispersion(&counts);
    check_number(r.ratio);
    check_p(r.p, r.log10_p);
    must((r.status == STATS_OK) == r.p.is_known);
}

static void call_normal(struct feed *f)
{
    struct stats_normal_prior prior = {feed_double(f), feed_flag(f) ? INFINITY : feed_double(f)};
    struct stats_estimate a = feed_estimate(f), b = feed_estimate(f);
    double conf = feed_level(f), rope = feed_double(f), cov = feed_double(f);
    struct stats_normal_posterior one =
        stats_normal_posterior(a.value, feed_double(f), &prior, conf, rope);
    struct stats_normal_posterior two = stats_normal_compare(a, b, cov, &prior, conf, rope);
    check_posterior(&one.posterior);
    check_posterior(&two.posterior);
    check_number(one.log10_p_lt_0);
    check_number(two.log10_p_lt_0);
    must(one.weight_of_data >= 0 && one.weight_of_data <= 1);
}

static void check_always_valid(const struct stats_always_valid *v)
{
    check_number(v->log_lambda);
    check_number(v->halfwidth);
    check_p(v->p, v->log10_p);
    check_interval(v->interval);
    check_interval(v->uplift_interval);
    must(v->status != STATS_OK || (v->p.is_known && v->interval.is_known));
}

static void call_always_valid(struct feed *f)
{
    struct stats_path path = stats_path_start();
    double alpha = feed_level(f), tau = feed_double(f);
    for (int i = 0; i < LOOKS; i++) {
        struct stats_estimate a = feed_estimate(f), b = feed_estimate(f);
        struct stats_always_valid v = stats_msprt(a.value, b.value, tau, alpha);
        check_always_valid(&v);
        v = stats_mixture(a.value, b.value, tau, alpha);
        check_always_valid(&v);
        v = stats_always_valid_uplift(a, b, feed_double(f), tau, alpha);
        check_always_valid(&v);
        stats_path_add(&path, &v, alpha);
        v = stats_asymptotic_cs(a.value, b.value, feed_double(f), feed_double(f), alpha);
        check_always_valid(&v);
        stats_path_add(&path, &v, alpha);
        must(path.p >= 0 && path.p <= 1 && !isnan(path.log10_p) && path.log10_p <= 0);
        check_not_nan(path.lower);
        check_not_nan(path.upper);
    }
    double se = feed_double(f), n_star = feed_double(f);
    bool is_sound = alpha > 0 && alpha < 1;
    must(isnan(stats_msprt_tau(se, alpha)) == !(is_sound && se >= 0));
    bool has_tau = tau > 0 && isfinite(tau);
    double stop = stats_mixture_stop(se, tau, alpha);
    must(isnan(stop) == !(is_sound && has_tau && isfinite(se) && se != 0) && !(stop < 0));
    must(isnan(stats_asymptotic_rho(n_star, alpha)) == !(is_sound && n_star > 0));
    double half = stats_asymptotic_one_sided(se, feed_double(f), n_star, alpha);
    must(isnan(half) || half >= 0);
}

static const fuzz_call calls[] = {
    call_normal_tail, call_t_tail,       call_chi2_tail, call_gamma,         call_root,
    call_quad,        call_beta,         call_best,      call_beta_binomial, call_gamma_poisson,
    call_normal,      call_always_valid, call_beta_walk, call_beta_pair,     call_dispersion,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_dispatch(calls, sizeof(calls) / sizeof(calls[0]), data, size);
    return 0;
}
