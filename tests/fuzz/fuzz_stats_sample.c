// SPDX-License-Identifier: GPL-3.0-or-later
/* Sums, moments, and what is computed from values: quantiles, ranks, permutations. */
#include "fuzz_stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES = 24, GROUPS = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static __int128 feed_wide(struct feed *f)
{
    __int128 value =
        feed_flag(f) ? (__int128)feed_count(f) << (feed_byte(f) % 64) : (__int128)feed_count(f);
    return feed_flag(f) ? -value : value;
}

static void call_sums(struct feed *f)
{
    struct stats_sums sums = {.unit = feed_double(f)};
    struct stats_moments m;
    size_t values = feed_index(f, VALUES);
    if (feed_flag(f)) { /* any sums, whether values have them or not */
        sums.n = feed_count(f);
        sums.s1 = feed_wide(f);
        sums.s2 = feed_wide(f);
        sums.s3 = feed_wide(f);
    }
    for (size_t i = 0; i < values; i++)
        stats_sums_add(&sums, feed_wide(f));
    if (!stats_moments_from_sums(&sums, &m))
        return;
    must(m.n == sums.n && m.m2 >= 0 && isfinite(m.mean) && isfinite(m.m2) && isfinite(m.m3));
    check_number(stats_skewness(&m));
    check_number(stats_variance(&m));
    struct stats_estimate e = stats_mean_estimate(&m);
    must(isfinite(e.value) && e.variance >= 0);
}

static void call_cross_sums(struct feed *f)
{
    struct stats_cross_sums sums = {.unit_x = feed_double(f), .unit_y = feed_double(f)};
    struct stats_comoments m;
    size_t values = feed_index(f, VALUES);
    if (feed_flag(f)) {
        sums.n = feed_count(f);
        sums.x = feed_wide(f);
        sums.y = feed_wide(f);
        sums.xx = feed_wide(f);
        sums.yy = feed_wide(f);
        sums.xy = feed_wide(f);
    }
    for (size_t i = 0; i < values; i++) {
        __int128 x = feed_wide(f);
        stats_cross_sums_add(&sums, x, feed_wide(f));
    }
    if (stats_comoments_from_sums(&sums, &m))
        must(m.m2_x >= 0 && m.m2_y >= 0 && isfinite(m.m2_x) && isfinite(m.m2_y) &&
             isfinite(m.mean_x) && isfinite(m.mean_y) && isfinite(m.c_xy));
}

static void call_plain_sums(struct feed *f)
{
    struct stats_plain_sums sums = {.n = feed_count(f)};
    unsigned warnings = 0;
    sums.x = feed_double(f);
    sums.y = feed_double(f);
    sums.xx = feed_double(f);
    sums.yy = feed_double(f);
    sums.xy = feed_double(f);
    struct stats_comoments m = stats_comoments_from_plain(&sums, &warnings);
    struct stats_effect e = stats_ratio(&m, &m, 0.95);
    check_effect(&e);
}

static void call_parse_fixed(struct feed *f)
{
    char text[64];
    int decimals = (int)feed_index(f, 12);
    __int128 value = 0;
    size_t length = f->left < sizeof(text) - 1 ? f->left : sizeof(text) - 1;
    memcpy(text, f->at, length);
    text[length] = '\0';
    if (!stats_parse_fixed(text, decimals, &value))
        return;
    double read = strtod(text, NULL) * pow(10, decimals);
    must(fabs(read - (double)value) <= 1e-9 * fabs(read));
}

static void call_running(struct feed *f)
{
    struct stats_running a = {0}, b = {0};
    struct stats_running_pair pa = {0}, pb = {0};
    double values[VALUES], largest = 0;
    size_t count = feed_index(f, VALUES + 1), cut = feed_index(f, VALUES + 1);
    for (size_t i = 0; i < count; i++) {
        values[i] = feed_double(f);
        largest = fmax(largest, fabs(values[i]));
        largest = isnan(values[i]) ? INFINITY : largest;
        stats_running_add(i < cut ? &a : &b, values[i]);
        stats_running_pair_add(i < cut ? &pa : &pb, values[i], values[i / 2]);
    }
    stats_running_merge(&a, &b);
    stats_running_pair_merge(&pa, &pb);
    struct stats_moments m = stats_running_moments(&a);
    struct stats_comoments c = stats_running_comoments(&pa);
    must(m.n == count && c.n == count);
    if (largest < 1e75)
        must(isfinite(m.mean) && m.m2 >= 0 && isfinite(m.m2) && isfinite(m.m3) && c.m2_x >= 0 &&
             isfinite(c.c_xy));
    struct stats_effect e = stats_welch(&m, &m, 0.95);
    check_effect(&e);
    check_number(stats_lag1(values, count, &m));
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct stats_quantile quantile_of(struct feed *f, double nu, double conf)
{
    double values[VALUES];
    size_t count = feed_index(f, VALUES + 1);
    for (size_t i = 0; i < count; i++) {
        values[i] = feed_double(f);
        values[i] = isnan(values[i]) ? 0 : values[i];
    }
    qsort(values, count, sizeof(values[0]), ascending);
    struct stats_quantile q = stats_quantile(values, count, nu, conf);
    struct stats_quantile_group groups[VALUES];
    for (size_t i = 0; i < count; i++)
        groups[i] = (struct stats_quantile_group){values[i], 1};
    struct stats_quantile same = stats_quantile_grouped(groups, count, nu, conf);
    must(same.status == q.status && same.value.value == q.value.value);
    check_number(q.value);
    check_number(q.se);
    check_interval(q.interval);
    check_number(q.coverage);
    must(q.coverage.value >= 0 && q.coverage.value <= 1);
    must(q.rank_lower <= q.rank_upper && q.rank_upper <= count);
    return q;
}

static void call_quantile(struct feed *f)
{
    double nu = feed_level(f), conf = feed_level(f);
    struct stats_quantile a = quantile_of(f, nu, conf), b = quantile_of(f, nu, conf);
    struct stats_quantile_diff d = stats_quantile_diff(&a, &b, conf);
    check_effect(&d.effect);
    check_interval(d.mover);
}

static void call_clustered(struct feed *f)
{
    struct stats_clustered s = {.n = feed_double(f)};
    double nu = feed_level(f);
    s.n_star = feed_double(f);
    s.lower = feed_double(f);
    s.upper = feed_double(f);
    s.clusters = feed_double(f);
    s.main_sum = feed_double(f);
    s.main_squares = feed_double(f);
    s.denominator_sum = feed_double(f);
    s.denominator_squares = feed_double(f);
    s.product = feed_double(f);
    struct stats_clustered_quantile r = stats_clustered_quantile(&s, nu);
    check_number(r.variance_iid);
    check_number(r.design_effect);
    check_number(r.variance);
    check_number(r.se);
    must(r.status != STATS_OK || (r.se.is_known && r.variance.is_known));
}

static void check_rank(const struct stats_rank *r)
{
    check_number(r->u);
    check_number(r->superiority);
    check_number(r->z);
    check_p(r->p, r->log10_p);
    check_number(r->p_corrected);
    check_number(r->bm_statistic);
    check_number(r->bm_df);
    check_number(r->bm_p);
    check_number(r->se);
    check_interval(r->interval);
    must(r->status != STATS_OK || (r->p.is_known && r->superiority.is_known));
    must(r->superiority.value >= 0 && r->superiority.value <= 1);
}

static void check_groups(const struct stats_rank_group *groups, size_t count, struct feed *f)
{
    double conf = feed_level(f);
    struct stats_rank r = stats_rank_test(groups, count, conf);
    check_rank(&r);
    struct stats_rank_exact x = stats_rank_exact(groups, count, conf);
    must(x.status != STATS_OK ||
         (x.p > 0 && x.p <= 1 + 1e-9 && x.p_greater > 0 && x.p_less > 0 && x.p_less <= 1 + 1e-9));
    struct stats_rank_shift s =
        stats_rank_shift(groups, count, feed_flag(f) ? x.shift_rank : feed_count(f));
    check_number(s.estimate);
    check_interval(s.interval);
}

static void call_rank(struct feed *f)
{
    double a[GROUPS], b[GROUPS];
    struct stats_rank_group groups[2 * GROUPS];
    size_t na = feed_index(f, GROUPS + 1), nb = feed_index(f, GROUPS + 1);
    for (size_t i = 0; i < GROUPS; i++) {
        a[i] = feed_double(f);
        b[i] = feed_double(f);
    }
    check_groups(groups, stats_rank_groups(a, na, b, nb, groups), f);
}

static void call_rank_table(struct feed *f)
{
    struct stats_rank_group groups[GROUPS];
    size_t count = feed_index(f, GROUPS + 1);
    double value = feed_double(f);
    for (size_t i = 0; i < count; i++) {
        groups[i] = (struct stats_rank_group){value, feed_count(f), feed_count(f)};
        value += 1 + feed_byte(f);
    }
    check_groups(groups, count, f);
}

static void call_permutation(struct feed *f)
{
    double values[VALUES];
    size_t a = feed_index(f, 8), b = feed_flag(f) ? feed_index(f, 8) : feed_count(f);
    for (size_t i = 0; i < VALUES; i++)
        values[i] = feed_double(f);
    if (a + b > VALUES && a + b <= STATS_PERMUTATION_MAX)
        return;
    struct stats_permutation r = stats_permutation(values, a, b);
    must(r.status != STATS_OK || (isfinite(r.diff) && r.p > 0 && r.p <= 1));
}

static void call_names(struct feed *f)
{
    must(stats_status_name((enum stats_status)feed_byte(f)) != NULL);
    stats_warning_name((enum stats_warning)feed_byte(f));
    check_interval(stats_between(feed_double(f), INFINITY));
}

static const fuzz_call calls[] = {
    call_sums,      call_cross_sums, call_plain_sums, call_parse_fixed, call_running, call_quantile,
    call_clustered, call_rank,       call_rank_table, call_permutation, call_names,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_dispatch(calls, sizeof(calls) / sizeof(calls[0]), data, size);
    return 0;
}
