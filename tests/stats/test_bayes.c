// SPDX-License-Identifier: GPL-3.0-or-later
/* Laws of the Bayesian answers, of ranks, and of what must never be invented. */
#include "draw.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void assert_posterior(const struct stats_posterior *p)
{
    double win = p->chance_to_win.value, lose = p->chance_to_lose.value;
    double gain = p->loss_choose_control.value, loss = p->loss_choose_treatment.value;
    assert_true(is_clean_posterior(p));
    assert_true(fabs(win + lose - 1) < 1e-11);
    assert_true(gain >= 0 && loss >= 0);
    assert_true(is_close(gain - loss, p->mean.value, 1e-10, gain + loss));
}

static void beta_binomial_is_coherent_10000_or_long(void **state)
{
    struct draw draw = {11};
    struct stats_beta_prior prior = {0.5, 0.5};
    (void)state;
    for (int i = 0, all = draw_costly_inputs(); i < all; i++) {
        struct stats_prop a, b;
        draw_props(&draw, &a, &b);
        struct stats_beta_binomial r = stats_beta_binomial(&prior, &a, &b, 0.95, 0.01);
        struct stats_beta_binomial m = stats_beta_binomial(&prior, &b, &a, 0.95, 0.01);
        const struct stats_posterior *p = &r.posterior, *q = &m.posterior;
        assert_posterior(p);
        assert_true(is_close(p->chance_to_win.value, q->chance_to_lose.value, 1e-9, 1e-9));
        assert_true(is_close(p->interval.lower, -q->interval.upper, 1e-7, p->sd.value));
        /* ln(p2 / p1) turns round. */
        assert_true(is_close(log1p(p->uplift_interval.lower), -log1p(q->uplift_interval.upper),
                             1e-6, 0.01));
        /* A credible interval clear of 0 says as much as the chances do. */
        if (fabs(p->chance_to_lose.value - 0.025) > 1e-8)
            assert_int_equal(p->chance_to_lose.value<0.025, p->interval.lower> 0);
        if (fabs(p->chance_to_win.value - 0.025) > 1e-8)
            assert_int_equal(p->chance_to_win.value < 0.025, p->uplift_interval.upper < 0);
        double inside = p->chance_in_rope.value, above = p->chance_above_rope.value;
        assert_true(inside >= 0 && above >= 0 && inside + above <= 1 + 1e-12);
    }
}

/* With much data the exact answer and the normal one meet. */
static void beta_binomial_meets_the_normal(void **state)
{
    struct draw draw = {12};
    struct stats_beta_prior prior = {1, 1};
    struct stats_normal_prior flat = {0, INFINITY};
    (void)state;
    for (int i = 0; i < 100; i++) {
        uint64_t n = 50000000, x = (uint64_t)((double)n * (0.2 + 0.6 * draw_unit(&draw)));
        struct stats_prop a = {x, n}, b = {x + (uint64_t)(6000 * draw_unit(&draw)), n};
        struct stats_posterior p = stats_beta_binomial(&prior, &a, &b, 0.95, 0).posterior;
        struct stats_posterior q =
            stats_normal_posterior(p.mean.value, p.sd.value, &flat, 0.95, 0).posterior;
        assert_true(is_close(p.chance_to_win.value, q.chance_to_win.value, 1e-3, 0.01));
        assert_true(is_close(p.interval.lower, q.interval.lower, 1e-3, p.sd.value));
    }
}

static void normal_is_coherent(void **state)
{
    struct draw draw = {13};
    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct stats_moments a, b;
        draw_moments(&draw, &a, &b);
        struct stats_estimate e1 = stats_mean_estimate(&a), e2 = stats_mean_estimate(&b);
        double se = sqrt(e1.variance + e2.variance);
        struct stats_normal_prior prior = {0, se * draw_magnitude(&draw, -2, 2)};
        struct stats_normal_posterior r = stats_normal_compare(e1, e2, 0, &prior, 0.95, se / 2);
        assert_posterior(&r.posterior);
        /* Pulled towards the prior's mean, and surer than the data alone. */
        assert_true(fabs(r.posterior.mean.value) <= fabs(e2.value - e1.value));
        assert_true(r.posterior.sd.value < se);
        if (r.posterior.uplift_interval.is_known &&
            fabs(r.posterior.chance_to_lose.value - 0.025) > 1e-8)
            assert_int_equal(
                r.posterior.chance_to_lose.value<0.025, r.posterior.uplift_interval.lower> 0);
    }
}

/* P(m2 <= theta m1) at both limits of the uplift, from the precision matrix of the two means: the
 * data's 1 / v on the diagonal, the prior's 1 / tau^2 in the direction of the effect. */
static void normal_uplift_has_its_tails(void **state)
{
    struct draw draw = {17};
    double z = stats_norm_critical(0.95);
    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct stats_moments a, b;
        draw_moments(&draw, &a, &b);
        struct stats_estimate e1 = stats_mean_estimate(&a), e2 = stats_mean_estimate(&b);
        double v1 = e1.variance, v2 = e2.variance, se = sqrt(v1 + v2);
        struct stats_normal_prior prior = {se * draw_normal(&draw),
                                           se * draw_magnitude(&draw, -1, 1)};
        struct stats_interval got =
            stats_normal_compare(e1, e2, 0, &prior, 0.95, 0).posterior.uplift_interval;
        double t = 1 / (prior.sd * prior.sd), p11 = 1 / v1 + t, p22 = 1 / v2 + t;
        double det = p11 * p22 - t * t, s11 = p22 / det, s22 = p11 / det, s12 = t / det;
        double h1 = e1.value / v1 - t * prior.mean, h2 = e2.value / v2 + t * prior.mean;
        double m1 = s11 * h1 + s12 * h2, m2 = s12 * h1 + s22 * h2, sign = m1 > 0 ? 1 : -1;
        if (!got.is_known)
            continue;
        double limits[] = {got.lower, got.upper};
        for (int k = 0; k < 2; k++) {
            double theta = 1 + sign * limits[k];
            double sd = sqrt(s22 - 2 * theta * s12 + theta * theta * s11);
            assert_true(fabs(fabs((m2 - theta * m1) / sd) - z) < 1e-5);
        }
    }
}

static void best_adds_up_10000_or_long(void **state)
{
    struct draw draw = {14};
    struct stats_beta_prior prior = {1, 1};
    (void)state;
    for (int i = 0, all = draw_costly_inputs(); i < all; i++) {
        int count = 2 + (int)(draw_bits(&draw) % 5);
        struct stats_prop arms[STATS_BEST_ARMS];
        struct stats_estimate normals[STATS_BEST_ARMS];
        double best = 0, top = 0, normal = 0;
        for (int k = 0; k < count; k++) {
            arms[k] = draw_prop(&draw);
            normals[k].value = draw_normal(&draw);
            normals[k].variance = draw_magnitude(&draw, -4, 1);
        }
        struct stats_best r = stats_beta_best(&prior, arms, count);
        struct stats_best s = stats_normal_best(normals, count);
        for (int k = 0; k < count; k++) {
            best += r.p_best[k];
            top += r.p_top_two[k];
            normal += s.p_best[k];
            assert_true(r.expected_loss[k] >= 0 && s.expected_loss[k] >= 0);
        }
        assert_true(fabs(best - 1) < 1e-10 && fabs(normal - 1) < 1e-10);
        assert_true(fabs(top - 2) < 1e-10);
        if (count == 2) {
            struct stats_posterior p =
                stats_beta_binomial(&prior, &arms[0], &arms[1], 0.95, 0).posterior;
            assert_true(fabs(p.chance_to_win.value - r.p_best[1]) < 1e-10);
            double chance = stats_beta_chance(&prior, &arms[0], &arms[1]).value;
            assert_true(is_close(chance, p.chance_to_win.value, 1e-9, 1e-8));
        }
    }
}

/* Exact and asymptotic ranks: mirrored arms, and no p-value beyond the other's reach. */
static void ranks_mirror_10000_or_long(void **state)
{
    struct draw draw = {15};
    (void)state;
    for (int i = 0, all = draw_costly_inputs(); i < all; i++) {
        double a[20], b[20];
        struct stats_rank_group groups[40], turned[40];
        size_t na = 2 + draw_bits(&draw) % 19, nb = 2 + draw_bits(&draw) % 19;
        for (size_t k = 0; k < na; k++)
            a[k] = floor(10 * draw_normal(&draw)) / 10;
        for (size_t k = 0; k < nb; k++)
            b[k] = floor(10 * draw_normal(&draw)) / 10;
        size_t count = stats_rank_groups(a, na, b, nb, groups);
        assert_int_equal(count, stats_rank_groups(b, nb, a, na, turned));
        struct stats_rank_exact e = stats_rank_exact(groups, count, 0.95);
        struct stats_rank_exact m = stats_rank_exact(turned, count, 0.95);
        struct stats_rank t = stats_rank_test(groups, count, 0.95);
        assert_true(is_close(e.p, m.p, 1e-11, 0) && is_close(e.p_greater, m.p_less, 1e-11, 0));
        assert_true(e.p_greater + e.p_less >= 1 && e.p <= 1 + 1e-12);
        assert_true(is_clean(t.p) && is_clean(t.bm_p) && is_clean_interval(t.interval));
        struct stats_rank_shift s = stats_rank_shift(groups, count, 0);
        struct stats_rank_shift r = stats_rank_shift(turned, count, 0);
        assert_true(is_close(s.estimate.value, -r.estimate.value, 1e-12, 1));
    }
}

/* Senseless arguments get a status and nothing invented. */
static void nonsense_is_not_answered(void **state)
{
    static const double odd[] = {0, -1, NAN, INFINITY, -INFINITY, DBL_MAX, DBL_MIN, 1e-300};
    enum { ODD = sizeof(odd) / sizeof(odd[0]) };
    struct draw draw = {16};
    (void)state;
    for (int i = 0; i < 100000; i++) {
        double v[4];
        for (int k = 0; k < 4; k++)
            v[k] = draw_unit(&draw) < 0.5 ? odd[draw_bits(&draw) % ODD] : draw_normal(&draw);
        uint64_t n = draw_bits(&draw) % 3, x = draw_bits(&draw) % 4;
        struct stats_moments a = {n, v[0], v[1], 0}, b = {2, v[2], v[3], 0};
        struct stats_effect e = stats_welch(&a, &b, 0.95);
        assert_true(is_clean_effect(&e));
        struct stats_prop pa = {x, n}, pb = {1, 2};
        e = stats_prop_diff(&pa, &pb, v[0]).effect;
        assert_true(is_clean_effect(&e));
        e = stats_prop_diff(&pa, &pb, 0.95).effect;
        assert_true(is_clean_effect(&e));
        struct stats_comoments c = {n, v[0], v[1], v[2], v[3], v[0]}, d = {3, 1, 1, 1, 1, 1};
        e = stats_ratio(&c, &d, 0.95);
        assert_true(is_clean_effect(&e));
        struct stats_normal_prior prior = {v[2], v[3]};
        struct stats_posterior p = stats_normal_posterior(v[0], v[1], &prior, 0.95, 0.1).posterior;
        assert_true(is_clean_posterior(&p));
        struct stats_beta_prior beta = {v[2], v[3]};
        p = stats_beta_binomial(&beta, &pa, &pb, 0.95, 0).posterior;
        assert_true(is_clean_posterior(&p));
        struct stats_always_valid s = stats_msprt(v[0], v[1], v[2], 0.05);
        assert_true(is_clean(s.p) && is_clean(s.log_lambda) && is_clean_interval(s.interval));
    }
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beta_binomial_is_coherent_10000_or_long),
        cmocka_unit_test(beta_binomial_meets_the_normal),
        cmocka_unit_test(normal_is_coherent),
        cmocka_unit_test(normal_uplift_has_its_tails),
        cmocka_unit_test(best_adds_up_10000_or_long),
        cmocka_unit_test(ranks_mirror_10000_or_long),
        cmocka_unit_test(nonsense_is_not_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
