// SPDX-License-Identifier: GPL-3.0-or-later
/* Ratios, covariates and strata. */
#include "scenario.h"

#include <math.h>
#include <string.h>

enum { N1, N2, FIRST, SECOND };

/* Visitors of whom a share buys; orders 1 + Poisson(1/2), each worth `worth` exp(sigma Z), a
 * buyer's orders alike: x the worth of a visitor's orders, y their number. */
static struct stats_comoments draw_orders(struct stream *stream, uint64_t n, double share,
                                          double worth, double sigma)
{
    struct stats_running_pair all = {0};
    uint64_t buyers = stream_binomial(stream, n, share);
    struct stats_running_pair none = {.rest = {.n = n - buyers}};
    for (uint64_t i = 0; i < buyers; i++) {
        double orders = 1 + (double)stream_poisson(stream, 0.5);
        stats_running_pair_add(&all, orders * worth * exp(sigma * stream_normal(stream)), orders);
    }
    stats_running_pair_merge(&all, &none);
    return stats_running_comoments(&all);
}

/* FIRST: share of buyers, SECOND: sigma of an order's worth. */
static void run_ratio(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    const double uplift = 0.1;
    struct stats_comoments a =
        draw_orders(stream, (uint64_t)s->set[N1], s->set[FIRST], 1, s->set[SECOND]);
    struct stats_comoments b =
        draw_orders(stream, (uint64_t)s->set[N2], s->set[FIRST], 1, s->set[SECOND]);
    struct stats_effect e = stats_ratio(&a, &b, 0.95);
    (void)prepared;
    tally_sides(tallies, &e);
    /* The same treatment, every order worth a tenth more. */
    b.mean_x *= 1 + uplift;
    b.m2_x *= (1 + uplift) * (1 + uplift);
    b.c_xy *= 1 + uplift;
    e = stats_ratio(&a, &b, 0.95);
    tally_hit(&tallies[3], covers(e.uplift_interval, uplift));
}

/* FIRST: correlation. */
static void run_cuped(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    struct stats_comoments a = stream_comoments(stream, (uint64_t)s->set[N1], s->set[FIRST]);
    struct stats_comoments b = stream_comoments(stream, (uint64_t)s->set[N2], s->set[FIRST]);
    struct stats_cuped c = stats_cuped(&a, &b, 0.95);
    (void)prepared;
    tally_sides(tallies, &c.within);
    tally_hit(&tallies[3], c.lin.p_two_sided.value < 0.05);
    tally_hit(&tallies[4], c.unadjusted.p_two_sided.value < 0.05);
    tally_value(&tallies[5], 100 * c.variance_reduction.value);
    tally_hit(&tallies[6], c.balance_p.value < 0.001);
}

/* Adds one visitor. */
static void add_visitor(struct stats_covariates *all, double y, const double *x)
{
    struct stats_covariates one = {.n = 1, .k = all->k, .mean_y = y};
    memcpy(one.mean_x, x, (size_t)all->k * sizeof(*x));
    stats_covariates_merge(all, &one);
}

/* Metric = FIRST x0 + SECOND x1 + noise, variance 1; a third of the visitors lack x0. */
static struct stats_covariates draw_covariates(const struct scenario *s, struct stream *stream,
                                               uint64_t n)
{
    struct stats_covariates all = {.k = 3};
    double noise = sqrt(1 - s->set[FIRST] * s->set[FIRST] - s->set[SECOND] * s->set[SECOND]);
    for (uint64_t i = 0; i < n; i++) {
        double known = stream_normal(stream), other = stream_normal(stream);
        bool is_missing = stream_unit(stream) < 1.0 / 3;
        double x[3] = {is_missing ? 0 : known, is_missing, other};
        add_visitor(&all,
                    s->set[FIRST] * known + s->set[SECOND] * other + noise * stream_normal(stream),
                    x);
    }
    return all;
}

static void run_covariates(const struct scenario *s, void *prepared, struct stream *stream,
                           struct tally *tallies)
{
    struct stats_covariates a = draw_covariates(s, stream, (uint64_t)s->set[N1]);
    struct stats_covariates b = draw_covariates(s, stream, (uint64_t)s->set[N2]);
    struct stats_cuped_many c = stats_cuped_many(&a, &b, 0.95);
    (void)prepared;
    tally_hit(&tallies[0], c.within.p_two_sided.value < 0.05);
    tally_hit(&tallies[1], c.lin.p_two_sided.value < 0.05);
    tally_value(&tallies[2], 100 * c.variance_reduction.value);
}

enum { STRATA = 4 };

/* Strata of shares 40, 30, 20 and 10 % with means FIRST apart, sd 1. */
static void draw_strata(struct stream *stream, uint64_t n, double apart,
                        struct stats_moments *ret_strata)
{
    double left = 1;
    for (int k = 0; k < STRATA; k++) {
        double share = 0.4 - 0.1 * k;
        uint64_t size = stream_binomial(stream, n, fmin(1, share / left));
        ret_strata[k] = (struct stats_moments){0};
        if (size > 0)
            ret_strata[k] = stream_moments(stream, size, apart * k, 1);
        n -= size;
        left -= share;
    }
}

static void run_strata(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    struct stats_moments arm[2][STRATA], all[2];
    (void)prepared;
    for (int i = 0; i < 2; i++) {
        struct stats_running sum = {0};
        draw_strata(stream, (uint64_t)s->set[N1 + i], s->set[FIRST], arm[i]);
        for (int k = 0; k < STRATA; k++)
            stats_running_merge(&sum, &(struct stats_running){.rest = arm[i][k]});
        all[i] = stats_running_moments(&sum);
    }
    struct stats_effect e = stats_poststratified(arm[0], arm[1], STRATA, 0.95);
    struct stats_effect plain = stats_welch(&all[0], &all[1], 0.95);
    tally_sides(tallies, &e);
    tally_hit(&tallies[3], plain.p_two_sided.value < 0.05);
    tally_value(&tallies[4], 100 * (1 - pow(e.se.value / plain.se.value, 2)));
}

#define CUPED(reduction)                                                                           \
    .run = run_cuped,                                                                              \
    .rows = {                                                                                      \
        {"CUPED", FIVE},                                                                           \
        {"CUPED, up", HALF},                                                                       \
        {"CUPED, down", HALF},                                                                     \
        {"Lin's adjustment", FIVE},                                                                \
        {"unadjusted", FIVE},                                                                      \
        {"variance saved, per cent (ρ²)", WITHIN, reduction - 0.3, reduction + 0.3, NUMBER},       \
        {"balance alarm at 0.001", WITHIN, 0.05, 0.15, PERCENT},                                   \
    }
#define RATIO(level, up, down, covered)                                                            \
    .run = run_ratio, .rows = {                                                                    \
                          {"ratio by the delta method", level},                                    \
                          {"ratio, up", up},                                                       \
                          {"ratio, down", down},                                                   \
                          {"Fieller's interval of a 10 % uplift covers", covered},                 \
    }

static const struct scenario scenarios[] = {
    {"order value, 10 % buy, lognormal σ = 0.7, 5,000 a side",
     100000,
     {5000, 5000, 0.1, 0.7},
     RATIO(FIVE, HALF, HALF, COVERS)},
    {"order value, 1 % buy, lognormal σ = 0.7, 5,000 a side",
     100000,
     {5000, 5000, 0.01, 0.7},
     RATIO(STATED(5.2, 5.9), STATED(2.6, 3), STATED(2.6, 3), STATED(94.1, 94.8))},
    {"covariate of ρ = 0.7, 1,000 a side", 100000, {1000, 1000, 0.7}, CUPED(49)},
    {"covariate of ρ = 0.3, 1,000 a side", 100000, {1000, 1000, 0.3}, CUPED(9)},
    {"covariate of ρ = 0.7, 2,700 against 300", 100000, {2700, 300, 0.7}, CUPED(49)},
    {"covariate of ρ = 0.7, 10 a side",
     100000,
     {10, 10, 0.7},
     .run = run_cuped,
     .rows =
         {
             {"CUPED", STATED(6, 6.7)},
             {"CUPED, up", STATED(3, 3.4)},
             {"CUPED, down", STATED(3, 3.4)},
             {"Lin's adjustment", STATED(5.9, 6.6)},
             {"unadjusted", FIVE},
             {"variance saved, per cent", KNOWN, 40, 50, NUMBER},
         }},
    {"two covariates, R² = 0.45, one known of two thirds, 300 a side",
     20000,
     {300, 300, 0.6, 0.3},
     .run = run_covariates,
     .rows =
         {
             {"CUPED with a missing indicator", FIVE},
             {"Lin's adjustment", FIVE},
             {"variance saved, per cent (0.36 · 2/3 + 0.09)", WITHIN, 32.2, 33.8, NUMBER},
         }},
    {"four strata, means 1 sd apart, 500 a side",
     100000,
     {500, 500, 1},
     .run = run_strata,
     .rows =
         {
             {"post-stratified", FIVE},
             {"post-stratified, up", HALF},
             {"post-stratified, down", HALF},
             {"Welch on the same", FIVE},
             {"variance saved, per cent (between strata: 1 of 2)", WITHIN, 49.2, 50.2, NUMBER},
         }},
    {"four strata, means 1 sd apart, 20 a side",
     100000,
     {20, 20, 1},
     .run = run_strata,
     .rows =
         {
             {"post-stratified", STATED(5.5, 6.2)},
             {"post-stratified, up", STATED(2.7, 3.1)},
             {"post-stratified, down", STATED(2.7, 3.1)},
             {"Welch on the same", FIVE},
             {"variance saved, per cent", KNOWN, 20, 50, NUMBER},
         }},
};

const struct family calibrate_adjusted = {
    "Ratios, covariates, strata",
    "Orders, covariates and strata. The variance that a covariate saves is ρ², and the level "
    "stays. "
    "With 10 to 20\nvisitors an arm, CUPED and post-stratification reject about 6 %: their weights "
    "and slopes are estimated too, and\nthat is not in their variance. From some hundred visitors "
    "on "
    "nothing of it is left.",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
