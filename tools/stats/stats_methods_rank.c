// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct arms_in {
    struct stats_list a, b;
    double conf, nu;
};

static const struct stats_in_field ranks_in[] = {
    STATS_NEED("a", LIST, struct arms_in, a),
    STATS_NEED("b", LIST, struct arms_in, b),
    STATS_MAY("conf", LEVEL, struct arms_in, conf, 0.95),
    {0},
};

struct ranks_out {
    struct stats_rank test;
    struct stats_number p_exact, p_greater, p_less;
    struct stats_rank_shift shift;
};

static const struct stats_out_field ranks_out[] = {
    STATS_SHOW("n_a", DOUBLE, struct ranks_out, test.n1),
    STATS_SHOW("n_b", DOUBLE, struct ranks_out, test.n2),
    STATS_SHOW("u_b", NUMBER, struct ranks_out, test.u),
    STATS_SHOW("prob_superiority", NUMBER, struct ranks_out, test.superiority),
    STATS_SHOW("z", NUMBER, struct ranks_out, test.z),
    STATS_SHOW("p_asymptotic", NUMBER, struct ranks_out, test.p),
    STATS_SHOW("log10_p_asymptotic", NUMBER, struct ranks_out, test.log10_p),
    STATS_SHOW("p_asymptotic_cc", NUMBER, struct ranks_out, test.p_corrected),
    STATS_SHOW("p_exact", NUMBER, struct ranks_out, p_exact),
    STATS_SHOW("p_exact_greater", NUMBER, struct ranks_out, p_greater),
    STATS_SHOW("p_exact_less", NUMBER, struct ranks_out, p_less),
    STATS_SHOW("hodges_lehmann", NUMBER, struct ranks_out, shift.estimate),
    STATS_SHOW("hl_ci_exact", INTERVAL, struct ranks_out, shift.interval),
    STATS_SHOW("bm_stat", NUMBER, struct ranks_out, test.bm_statistic),
    STATS_SHOW("bm_df", NUMBER, struct ranks_out, test.bm_df),
    STATS_SHOW("bm_p", NUMBER, struct ranks_out, test.bm_p),
    STATS_SHOW("ps_se", NUMBER, struct ranks_out, test.se),
    STATS_SHOW("ps_ci_bm", INTERVAL, struct ranks_out, test.interval),
    STATS_SHOW("status", STATUS, struct ranks_out, test.status),
    {0},
};

static void rank_groups(const struct stats_rank_group *groups, size_t count, double conf,
                        struct ranks_out *o)
{
    uint64_t shift_rank = 0;
    o->test = stats_rank_test(groups, count, conf);
    if (o->test.n1 + o->test.n2 <= STATS_RANK_EXACT) {
        struct stats_rank_exact exact = stats_rank_exact(groups, count, conf);
        bool is_known = exact.status == STATS_OK;
        o->p_exact = (struct stats_number){exact.p, is_known};
        o->p_greater = (struct stats_number){exact.p_greater, is_known};
        o->p_less = (struct stats_number){exact.p_less, is_known};
        shift_rank = exact.shift_rank;
    }
    o->shift = stats_rank_shift(groups, count, shift_rank);
}

static enum stats_status run_ranks(const void *in, void *out, struct arena *arena)
{
    const struct arms_in *i = in;
    struct ranks_out *o = out;
    struct stats_rank_group *groups =
        arena_alloc(arena, (i->a.count + i->b.count + 1) * sizeof(*groups));
    size_t count = stats_rank_groups(stats_list_values(&i->a, arena), i->a.count,
                                     stats_list_values(&i->b, arena), i->b.count, groups);
    rank_groups(groups, count, i->conf, o);
    return o->test.status;
}

struct freq_in {
    struct stats_list values, a, b;
    double conf;
};

static const struct stats_in_field freq_in[] = {
    STATS_NEED("values", LIST, struct freq_in, values),
    STATS_NEED("count_a", LIST, struct freq_in, a),
    STATS_NEED("count_b", LIST, struct freq_in, b),
    STATS_MAY("conf", LEVEL, struct freq_in, conf, 0.95),
    {0},
};

static enum stats_status run_freq(const void *in, void *out, struct arena *arena)
{
    const struct freq_in *i = in;
    struct ranks_out *o = out;
    size_t count = i->values.count;
    const uint64_t *a = stats_list_counts(&i->a, arena), *b = stats_list_counts(&i->b, arena);
    struct stats_rank_group *groups = arena_alloc(arena, (count + 1) * sizeof(*groups));
    if (!a || !b || i->a.count != count || i->b.count != count)
        return STATS_INVALID;
    for (size_t k = 0; k < count; k++) {
        groups[k] = (struct stats_rank_group){i->values.item[k].value, a[k], b[k]};
        if (k > 0 && !(groups[k].value > groups[k - 1].value))
            return STATS_INVALID;
    }
    rank_groups(groups, count, i->conf, o);
    return o->test.status;
}

static const struct stats_in_field permutation_in[] = {
    STATS_NEED("a", LIST, struct arms_in, a),
    STATS_NEED("b", LIST, struct arms_in, b),
    {0},
};

static const struct stats_out_field permutation_out[] = {
    STATS_SHOW("diff", DOUBLE, struct stats_permutation, diff),
    STATS_SHOW("p_exact", DOUBLE, struct stats_permutation, p),
    STATS_SHOW("permutations", COUNT, struct stats_permutation, permutations),
    {0},
};

static enum stats_status run_permutation(const void *in, void *out, struct arena *arena)
{
    const struct arms_in *i = in;
    struct stats_permutation *o = out;
    double *values = arena_alloc(arena, (i->a.count + i->b.count + 1) * sizeof(*values));
    if (i->a.count == 0 || i->b.count == 0)
        return STATS_INVALID;
    memcpy(values, stats_list_values(&i->a, arena), i->a.count * sizeof(*values));
    memcpy(values + i->a.count, stats_list_values(&i->b, arena), i->b.count * sizeof(*values));
    *o = stats_permutation(values, i->a.count, i->b.count);
    return o->status;
}

static const struct stats_in_field quantile_in[] = {
    STATS_NEED("a", LIST, struct arms_in, a),
    STATS_NEED("b", LIST, struct arms_in, b),
    STATS_NEED("nu", LEVEL, struct arms_in, nu),
    STATS_MAY("conf", LEVEL, struct arms_in, conf, 0.95),
    {0},
};

struct quantile_out {
    struct stats_quantile a, b;
    struct stats_quantile_diff diff;
    enum stats_status status; /* of the ranks; the uplift may be missing all the same */
    struct stats_number se;
    struct stats_interval interval;
};

static const struct stats_out_field quantile_out[] = {
    STATS_SHOW("q1", NUMBER, struct quantile_out, a.value),
    STATS_SHOW("q2", NUMBER, struct quantile_out, b.value),
    STATS_SHOW("rank_lower1", COUNT, struct quantile_out, a.rank_lower),
    STATS_SHOW("rank_upper1", COUNT, struct quantile_out, a.rank_upper),
    STATS_SHOW("rank_lower2", COUNT, struct quantile_out, b.rank_lower),
    STATS_SHOW("rank_upper2", COUNT, struct quantile_out, b.rank_upper),
    STATS_SHOW("ci1", INTERVAL, struct quantile_out, a.interval),
    STATS_SHOW("ci2", INTERVAL, struct quantile_out, b.interval),
    STATS_SHOW("se1", NUMBER, struct quantile_out, a.se),
    STATS_SHOW("se2", NUMBER, struct quantile_out, b.se),
    STATS_SHOW("exact_coverage1", NUMBER, struct quantile_out, a.coverage),
    STATS_SHOW("exact_coverage2", NUMBER, struct quantile_out, b.coverage),
    STATS_SHOW("diff", NUMBER, struct quantile_out, diff.effect.diff),
    STATS_SHOW("se", NUMBER, struct quantile_out, se),
    STATS_SHOW("ci", INTERVAL, struct quantile_out, interval),
    STATS_SHOW("ci_mover", INTERVAL, struct quantile_out, diff.mover),
    STATS_SHOW("p", NUMBER, struct quantile_out, diff.effect.p_two_sided),
    STATS_SHOW("uplift", NUMBER, struct quantile_out, diff.effect.uplift),
    STATS_SHOW("uplift_ci", INTERVAL, struct quantile_out, diff.effect.uplift_interval),
    STATS_SHOW("status", STATUS, struct quantile_out, status),
    {0},
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const double *sorted_values(const struct stats_list *list, struct arena *arena)
{
    double *values = stats_list_values(list, arena);
    qsort(values, list->count, sizeof(*values), by_size);
    return values;
}

static enum stats_status run_quantile(const void *in, void *out, struct arena *arena)
{
    const struct arms_in *i = in;
    struct quantile_out *o = out;
    o->a = stats_quantile(sorted_values(&i->a, arena), i->a.count, i->nu, i->conf);
    o->b = stats_quantile(sorted_values(&i->b, arena), i->b.count, i->nu, i->conf);
    o->diff = stats_quantile_diff(&o->a, &o->b, i->conf);
    o->status = o->a.status != STATS_OK ? o->a.status : o->b.status;
    if (!o->diff.effect.diff.is_known)
        return o->status;
    /* Both arms' ranks may fall on ties: no width, and no test. */
    double diff = o->diff.effect.diff.value, se = hypot(o->a.se.value, o->b.se.value);
    double half = stats_norm_critical(i->conf) * se;
    o->se = stats_known(se);
    o->interval = stats_between(diff - half, diff + half);
    return o->status;
}

struct clustered_in {
    struct stats_clustered sums;
    double nu;
};

static const struct stats_in_field clustered_sums[] = {
    STATS_NEED("n", NOT_NEGATIVE, struct stats_clustered, n),
    STATS_NEED("n_star", NOT_NEGATIVE, struct stats_clustered, n_star),
    STATS_NEED("quantile_lower", NUMBER, struct stats_clustered, lower),
    STATS_NEED("quantile_upper", NUMBER, struct stats_clustered, upper),
    STATS_NEED("n_clusters", NOT_NEGATIVE, struct stats_clustered, clusters),
    STATS_NEED("main_sum", NOT_NEGATIVE, struct stats_clustered, main_sum),
    STATS_NEED("main_sum_squares", NOT_NEGATIVE, struct stats_clustered, main_squares),
    STATS_NEED("denominator_sum", NOT_NEGATIVE, struct stats_clustered, denominator_sum),
    STATS_NEED("denominator_sum_squares", NOT_NEGATIVE, struct stats_clustered,
               denominator_squares),
    STATS_NEED("main_denominator_sum_product", NOT_NEGATIVE, struct stats_clustered, product),
    {0},
};

static const struct stats_in_field clustered_in[] = {
    STATS_PART("s", struct clustered_in, sums, clustered_sums),
    STATS_NEED("nu", LEVEL, struct clustered_in, nu),
    {0},
};

static const struct stats_out_field clustered_out[] = {
    STATS_SHOW("variance_iid", NUMBER, struct stats_clustered_quantile, variance_iid),
    STATS_SHOW("design_effect", NUMBER, struct stats_clustered_quantile, design_effect),
    STATS_SHOW("variance", NUMBER, struct stats_clustered_quantile, variance),
    STATS_SHOW("se", NUMBER, struct stats_clustered_quantile, se),
    STATS_SHOW("status", STATUS, struct stats_clustered_quantile, status),
    {0},
};

static enum stats_status run_clustered(const void *in, void *out, struct arena *arena)
{
    const struct clustered_in *i = in;
    struct stats_clustered_quantile *o = out;
    (void)arena;
    *o = stats_clustered_quantile(&i->sums, i->nu);
    return o->status;
}

const struct stats_method stats_methods_rank[] = {
    {"mann_whitney", ranks_in, sizeof(struct arms_in), ranks_out, sizeof(struct ranks_out),
     run_ranks, "ranks of two samples: Mann-Whitney, Brunner-Munzel, shift"},
    {"mann_whitney_freq", freq_in, sizeof(struct freq_in), ranks_out, sizeof(struct ranks_out),
     run_freq, "the same from a table of distinct values"},
    {"permutation_exact", permutation_in, sizeof(struct arms_in), permutation_out,
     sizeof(struct stats_permutation), run_permutation,
     "exact permutation test of two means, up to 24 values"},
    {"quantile_diff", quantile_in, sizeof(struct arms_in), quantile_out,
     sizeof(struct quantile_out), run_quantile, "difference of two quantiles by order statistics"},
    {"quantile_clustered", clustered_in, sizeof(struct clustered_in), clustered_out,
     sizeof(struct stats_clustered_quantile), run_clustered,
     "variance of a quantile of events, visitors as clusters"},
    {0},
};
