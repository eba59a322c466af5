// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/order/rank.h"

#include "stats/core/dist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef __int128 wide;

static int by_value(const void *a, const void *b)
{
    const struct stats_rank_group *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

size_t stats_rank_groups(const double *control, size_t n_control, const double *treatment,
                         size_t n_treatment, struct stats_rank_group *ret_groups)
{
    size_t n = n_control + n_treatment, last = 0;
    for (size_t i = 0; i < n_control; i++)
        ret_groups[i] = (struct stats_rank_group){control[i], 1, 0};
    for (size_t i = 0; i < n_treatment; i++)
        ret_groups[n_control + i] = (struct stats_rank_group){treatment[i], 0, 1};
    if (n == 0)
        return 0;
    qsort(ret_groups, n, sizeof(*ret_groups), by_value);
    for (size_t i = 1; i < n; i++) {
        if (ret_groups[i].value == ret_groups[last].value) {
            ret_groups[last].control += ret_groups[i].control;
            ret_groups[last].treatment += ret_groups[i].treatment;
        } else {
            ret_groups[++last] = ret_groups[i];
        }
    }
    return last + 1;
}

/* Exact integer sums over the table. */
struct tally {
    uint64_t n1, n2;
    wide twice_u;
    wide ties; /* sum t^3 - t */
};

/* Whether the cube of their number fits the exact sums: up to 4e12 units. */
static bool is_countable(const struct stats_rank_group *groups, size_t count)
{
    double units = 0;
    for (size_t i = 0; i < count; i++)
        units += (double)groups[i].control + (double)groups[i].treatment;
    return units < 4e12;
}

static struct tally tally_groups(const struct stats_rank_group *groups, size_t count)
{
    struct tally s = {0};
    for (size_t i = 0; i < count; i++) {
        wide a = (wide)groups[i].control, b = (wide)groups[i].treatment, t = a + b;
        s.twice_u += b * (2 * (wide)s.n1 + a);
        s.ties += t * t * t - t;
        s.n1 += groups[i].control;
        s.n2 += groups[i].treatment;
    }
    return s;
}

/* Sums of squared placements about their means: of control among treatment and the reverse. */
static void placements(const struct stats_rank_group *groups, size_t count, struct stats_rank *r,
                       double *ret_s1, double *ret_s2)
{
    double below1 = 0, below2 = 0, s1 = 0, s2 = 0;
    double mean1 = r->n2 * (1 - r->superiority.value), mean2 = r->n1 * r->superiority.value;
    for (size_t i = 0; i < count; i++) {
        double a = (double)groups[i].control, b = (double)groups[i].treatment;
        double p1 = below2 + b / 2 - mean1, p2 = below1 + a / 2 - mean2;
        s1 += a * p1 * p1;
        s2 += b * p2 * p2;
        below1 += a;
        below2 += b;
    }
    *ret_s1 = s1 / (r->n1 - 1);
    *ret_s2 = s2 / (r->n2 - 1);
}

static void brunner_munzel(struct stats_rank *r, double s1, double s2, double conf)
{
    double a = r->n1 * s1, b = r->n2 * s2, effect = r->superiority.value;
    if (!(a + b > 0))
        return;
    double w = r->n1 * r->n2 * (effect - 0.5) / sqrt(a + b);
    double df = (a + b) * (a + b) / (a * a / (r->n1 - 1) + b * b / (r->n2 - 1));
    double se = sqrt(s1 / r->n1 / (r->n2 * r->n2) + s2 / r->n2 / (r->n1 * r->n1));
    double half = stats_t_quantile((1 - conf) / 2, df) * se;
    r->bm_statistic = stats_known(w);
    r->bm_df = stats_known(df);
    r->bm_p = stats_known(fmin(1, 2 * stats_t_q(fabs(w), df)));
    r->se = stats_known(se);
    r->interval = stats_between(fmax(0, effect - half), fmin(1, effect + half));
}

static void normal_test(struct stats_rank *r, const struct tally *s)
{
    wide n = (wide)s->n1 + (wide)s->n2, spread = n * n * n - n - s->ties;
    double pairs = r->n1 * r->n2;
    double sd = sqrt(pairs / 12 * ((double)spread / ((double)n * (double)(n - 1))));
    double off = (double)(s->twice_u - (wide)s->n1 * (wide)s->n2) / 2, z = off / sd;
    double corrected = fmax(0, fabs(off) - (off != 0 ? 0.5 : 0)) / sd;
    r->z = stats_known(z);
    r->p = stats_known(fmin(1, 2 * stats_norm_q(fabs(z))));
    r->log10_p = stats_known(fmin(0, (stats_norm_log_q(fabs(z)) + M_LN2) / M_LN10));
    r->p_corrected = stats_known(fmin(1, 2 * stats_norm_q(corrected)));
}

struct stats_rank stats_rank_test(const struct stats_rank_group *groups, size_t count, double conf)
{
    struct stats_rank r = {.status = STATS_INVALID};
    if (!(conf > 0 && conf < 1) || !is_countable(groups, count))
        return r;
    struct tally s = tally_groups(groups, count);
    r.n1 = (double)s.n1;
    r.n2 = (double)s.n2;
    r.status = STATS_NO_DATA;
    if (s.n1 == 0 || s.n2 == 0)
        return r;
    r.status = STATS_ZERO_VARIANCE;
    r.u = stats_known((double)s.twice_u / 2);
    r.superiority = stats_known((double)s.twice_u / 2 / (r.n1 * r.n2));
    wide n = (wide)s.n1 + (wide)s.n2;
    if (s.ties == n * n * n - n)
        return r;
    r.status = STATS_OK;
    normal_test(&r, &s);
    if (s.n1 > 1 && s.n2 > 1) {
        double s1, s2;
        placements(groups, count, &r, &s1, &s2);
        brunner_munzel(&r, s1, s2, conf);
    }
    return r;
}

/* Pairs with treatment - control <= at. */
static wide pairs_up_to(const struct stats_rank_group *groups, size_t count, double at)
{
    wide below = 0, total = 0; /* control values too small for the current treatment value */
    for (size_t i = 0; i < count; i++)
        total += (wide)groups[i].control;
    wide pairs = 0;
    size_t j = 0;
    for (size_t i = 0; i < count; i++) {
        while (j < count && groups[i].value - groups[j].value > at)
            below += (wide)groups[j++].control;
        pairs += (wide)groups[i].treatment * (total - below);
    }
    return pairs;
}

/* Doubles in their order as integers, and back. */
static int64_t order_of(double x)
{
    int64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double value_at(int64_t order)
{
    double x;
    int64_t bits = order < 0 ? INT64_MIN - order : order;
    memcpy(&x, &bits, sizeof(x));
    return x;
}

/* The rank-th smallest difference, from 1. */
static double nth_difference(const struct stats_rank_group *groups, size_t count, wide rank)
{
    double reach = groups[count - 1].value - groups[0].value;
    int64_t lo = order_of(-reach), hi = order_of(reach);
    while (lo < hi) {
        int64_t mid = (int64_t)(((wide)lo + hi) >> 1);
        if (pairs_up_to(groups, count, value_at(mid)) >= rank)
            hi = mid;
        else
            lo = mid + 1;
    }
    return value_at(lo);
}

struct stats_rank_shift stats_rank_shift(const struct stats_rank_group *groups, size_t count,
                                         uint64_t rank)
{
    struct stats_rank_shift r = {0};
    if (count == 0 || !is_countable(groups, count) ||
        !isfinite(groups[count - 1].value - groups[0].value))
        return r;
    struct tally s = tally_groups(groups, count);
    wide pairs = (wide)s.n1 * (wide)s.n2;
    if (pairs == 0)
        return r;
    double low = nth_difference(groups, count, (pairs + 1) / 2);
    double high = pairs % 2 ? low : nth_difference(groups, count, pairs / 2 + 1);
    r.estimate = stats_known(low + (high - low) / 2);
    if (rank > 0 && 2 * (wide)rank <= pairs + 1)
        r.interval = stats_between(nth_difference(groups, count, (wide)rank),
                                   nth_difference(groups, count, pairs + 1 - (wide)rank));
    return r;
}
