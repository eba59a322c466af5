// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include <math.h>
#include <stdio.h>

/* Decimals beyond this go through the running accumulator. */
enum { MAX_DECIMALS = 18 };

struct parts_in {
    struct stats_list parts;
};

static const struct stats_in_field moments_in[] = {
    STATS_NEED("parts", LISTS, struct parts_in, parts),
    {0},
};

static const struct stats_in_field comoments_in[] = {
    STATS_NEED("parts", LISTS_OF_LISTS, struct parts_in, parts),
    {0},
};

/* The leaf as an exact count of 10^-decimals. */
static bool fixed_of(const struct stats_list *leaf, int decimals, __int128 *ret)
{
    char digits[40];
    if (leaf->text)
        return stats_parse_fixed(leaf->text, decimals, ret);
    snprintf(digits, sizeof(digits), "%.17g", leaf->value);
    return stats_parse_fixed(digits, decimals, ret);
}

static bool exact_sums(const struct stats_list *parts, int decimals, struct stats_sums *sums)
{
    *sums = (struct stats_sums){.unit = pow(10, -decimals)};
    for (size_t p = 0; p < parts->count; p++) {
        const struct stats_list *part = &parts->item[p];
        for (size_t i = 0; i < part->count; i++) {
            __int128 k;
            if (!fixed_of(&part->item[i], decimals, &k) || !stats_sums_add(sums, k))
                return false;
        }
    }
    return true;
}

/* Exact where the decimals allow it, else one accumulator a part, merged. */
static struct stats_moments moments_of(const struct stats_list *parts)
{
    struct stats_sums sums;
    struct stats_moments moments;
    for (int decimals = 0; decimals <= MAX_DECIMALS; decimals++)
        if (exact_sums(parts, decimals, &sums) && stats_moments_from_sums(&sums, &moments))
            return moments;
    struct stats_running all = {0};
    for (size_t p = 0; p < parts->count; p++) {
        struct stats_running part = {0};
        for (size_t i = 0; i < parts->item[p].count; i++)
            stats_running_add(&part, parts->item[p].item[i].value);
        stats_running_merge(&all, &part);
    }
    return stats_running_moments(&all);
}

struct moments_out {
    uint64_t n;
    double mean, m2;
    struct stats_number variance, sd, lag1, skewness;
};

static const struct stats_out_field moments_out[] = {
    STATS_SHOW("n", COUNT, struct moments_out, n),
    STATS_SHOW("mean", DOUBLE, struct moments_out, mean),
    STATS_SHOW("m2", DOUBLE, struct moments_out, m2),
    STATS_SHOW("variance", NUMBER, struct moments_out, variance),
    STATS_SHOW("sd", NUMBER, struct moments_out, sd),
    STATS_SHOW("lag1_autocorrelation", NUMBER, struct moments_out, lag1),
    STATS_SHOW("skewness_g1", NUMBER, struct moments_out, skewness),
    {0},
};

static enum stats_status run_moments(const void *in, void *out, struct arena *arena)
{
    const struct stats_list *parts = &((const struct parts_in *)in)->parts;
    struct moments_out *o = out;
    struct stats_moments m = moments_of(parts);
    if (m.n == 0)
        return STATS_INVALID;
    double *values = arena_alloc(arena, (m.n + 1) * sizeof(*values));
    size_t n = 0;
    for (size_t p = 0; p < parts->count; p++)
        for (size_t i = 0; i < parts->item[p].count; i++)
            values[n++] = parts->item[p].item[i].value;
    *o = (struct moments_out){.n = m.n, .mean = m.mean, .m2 = m.m2};
    o->variance = stats_variance(&m);
    if (o->variance.is_known)
        o->sd = stats_known(sqrt(o->variance.value));
    o->lag1 = stats_lag1(values, n, &m);
    o->skewness = stats_skewness(&m);
    return STATS_OK;
}

static bool is_pair(const struct stats_list *leaf)
{
    return leaf->count == 2;
}

static bool exact_cross(const struct stats_list *parts, int decimals, struct stats_cross_sums *sums)
{
    *sums = (struct stats_cross_sums){.unit_x = pow(10, -decimals), .unit_y = pow(10, -decimals)};
    for (size_t p = 0; p < parts->count; p++) {
        const struct stats_list *part = &parts->item[p];
        for (size_t i = 0; i < part->count; i++) {
            const struct stats_list *pair = part->item[i].item;
            __int128 x, y;
            if (!fixed_of(&pair[0], decimals, &x) || !fixed_of(&pair[1], decimals, &y) ||
                !stats_cross_sums_add(sums, x, y))
                return false;
        }
    }
    return true;
}

static struct stats_comoments comoments_of(const struct stats_list *parts)
{
    struct stats_cross_sums sums;
    struct stats_comoments moments;
    for (int decimals = 0; decimals <= MAX_DECIMALS; decimals++)
        if (exact_cross(parts, decimals, &sums) && stats_comoments_from_sums(&sums, &moments))
            return moments;
    struct stats_running_pair all = {0};
    for (size_t p = 0; p < parts->count; p++) {
        struct stats_running_pair part = {0};
        for (size_t i = 0; i < parts->item[p].count; i++) {
            const struct stats_list *pair = parts->item[p].item[i].item;
            stats_running_pair_add(&part, pair[0].value, pair[1].value);
        }
        stats_running_pair_merge(&all, &part);
    }
    return stats_running_comoments(&all);
}

struct comoments_out {
    struct stats_comoments m;
    struct stats_number cov;
};

static const struct stats_out_field comoments_out[] = {
    STATS_SHOW("n", COUNT, struct comoments_out, m.n),
    STATS_SHOW("mean_x", DOUBLE, struct comoments_out, m.mean_x),
    STATS_SHOW("mean_y", DOUBLE, struct comoments_out, m.mean_y),
    STATS_SHOW("m2_x", DOUBLE, struct comoments_out, m.m2_x),
    STATS_SHOW("m2_y", DOUBLE, struct comoments_out, m.m2_y),
    STATS_SHOW("c2_xy", DOUBLE, struct comoments_out, m.c_xy),
    STATS_SHOW("cov", NUMBER, struct comoments_out, cov),
    {0},
};

static enum stats_status run_comoments(const void *in, void *out, struct arena *arena)
{
    const struct stats_list *parts = &((const struct parts_in *)in)->parts;
    struct comoments_out *o = out;
    (void)arena;
    for (size_t p = 0; p < parts->count; p++)
        for (size_t i = 0; i < parts->item[p].count; i++)
            if (!is_pair(&parts->item[p].item[i]))
                return STATS_INVALID;
    o->m = comoments_of(parts);
    if (o->m.n > 1)
        o->cov = stats_known(o->m.c_xy / ((double)o->m.n - 1));
    return o->m.n > 0 ? STATS_OK : STATS_INVALID;
}

const struct stats_method stats_methods_moments[] = {
    {"moments", moments_in, sizeof(struct parts_in), moments_out, sizeof(struct moments_out),
     run_moments, "mean, variance, skewness of values, merged from parts"},
    {"comoments", comoments_in, sizeof(struct parts_in), comoments_out,
     sizeof(struct comoments_out), run_comoments,
     "means, variances and covariance of pairs, merged from parts"},
    {0},
};
