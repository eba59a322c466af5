// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/distribution/distribution.h"

#include "base/mem.h"

#include <math.h>

#define CAP_QUANTILE   0.999
#define OUTLIER_SHARE  0.1
#define OUTLIER_FACTOR 10

static const double shown_quantiles[DISTRIBUTION_QUANTILES] = {0.5, 0.9, 0.95};

static uint64_t count_at(const struct distribution *d, size_t i, size_t variant)
{
    return d->counts[i * d->variant_count + variant];
}

static uint64_t count_of_all(const struct distribution *d, size_t i)
{
    uint64_t units = 0;
    for (size_t v = 0; v < d->variant_count; v++)
        units += count_at(d, i, v);
    return units;
}

/* variant == variant_count: all that are not 0, of all. The result is freed by the caller. */
static struct stats_quantile_group *quantile_groups(const struct distribution *d, size_t variant)
{
    struct stats_quantile_group *groups = mem_zalloc((d->count + 1) * sizeof(*groups));
    bool is_all = variant == d->variant_count;
    for (size_t i = 0; i < d->count; i++) {
        uint64_t units = is_all ? count_of_all(d, i) : count_at(d, i, variant);
        groups[i] =
            (struct stats_quantile_group){d->values[i], is_all && d->values[i] == 0 ? 0 : units};
    }
    return groups;
}

static struct stats_number cap_of(const struct distribution *d)
{
    auto_free struct stats_quantile_group *groups = quantile_groups(d, d->variant_count);
    return stats_quantile_grouped(groups, d->count, CAP_QUANTILE, d->confidence).value;
}

static void add_equal(struct stats_running *running, double value, uint64_t units)
{
    struct stats_running equal = {.origin = value, .rest = {.n = units}};
    stats_running_merge(running, &equal);
}

static void judge_quantiles(const struct distribution *d, size_t variant,
                            struct distribution_quantile ret[DISTRIBUTION_QUANTILES])
{
    auto_free struct stats_quantile_group *groups = quantile_groups(d, variant);
    for (size_t q = 0; q < DISTRIBUTION_QUANTILES; q++) {
        ret[q].q = shown_quantiles[q];
        ret[q].quantile =
            stats_quantile_grouped(groups, d->count, shown_quantiles[q], d->confidence);
    }
}

static double sum_of(const struct stats_running *running)
{
    struct stats_moments m = stats_running_moments(running);
    return m.mean * (double)m.n;
}

static bool has_outlier(const struct distribution_arm *arm, struct stats_number cap)
{
    double sum = sum_of(&arm->plain);
    double largest = arm->largest.value;
    if (arm->units == 0 || !(largest > 0))
        return false;
    return (sum > 0 && largest > OUTLIER_SHARE * sum) ||
           (cap.is_known && cap.value > 0 && largest > OUTLIER_FACTOR * cap.value);
}

static struct stats_rank_group *groups_of(const struct distribution *d, size_t variant,
                                          size_t *ret_count)
{
    struct stats_rank_group *groups = mem_alloc((d->count + 1) * sizeof(*groups));
    size_t count = 0;
    for (size_t i = 0; i < d->count; i++) {
        uint64_t control = count_at(d, i, (size_t)d->control), units = count_at(d, i, variant);
        if (control + units > 0)
            groups[count++] = (struct stats_rank_group){d->values[i], control, units};
    }
    *ret_count = count;
    return groups;
}

/* The p-value is exact while there are few units. */
static struct distribution_ranks ranks_of(const struct distribution *d, size_t variant)
{
    size_t count;
    auto_free struct stats_rank_group *groups = groups_of(d, variant, &count);
    struct distribution_ranks r = {.rank = stats_rank_test(groups, count, d->confidence)};
    r.p = r.rank.p;
    r.is_exact = r.rank.status == STATS_OK && r.rank.n1 + r.rank.n2 <= STATS_RANK_EXACT;
    if (r.is_exact)
        r.p = stats_known(stats_rank_exact(groups, count, d->confidence).p);
    return r;
}

static struct distribution_effect *effect_of(const struct distribution *d, struct arena *arena,
                                             const struct distribution_arm *control,
                                             const struct distribution_arm *arm, size_t variant)
{
    struct distribution_effect *e = arena_zalloc(arena, sizeof(*e));
    struct stats_moments before = stats_running_moments(&control->limited),
                         after = stats_running_moments(&arm->limited);
    e->capped = stats_welch(&before, &after, d->confidence);
    e->ranks = ranks_of(d, variant);
    for (size_t q = 0; q < DISTRIBUTION_QUANTILES; q++) {
        e->quantiles[q].q = shown_quantiles[q];
        e->quantiles[q].difference = stats_quantile_diff(
            &control->quantiles[q].quantile, &arm->quantiles[q].quantile, d->confidence);
    }
    e->shown = e->quantiles;
    e->quantile_count = DISTRIBUTION_QUANTILES;
    return e;
}

static void count_units(const struct distribution *d, size_t variant, struct stats_number cap,
                        struct distribution_arm *arm)
{
    for (size_t i = 0; i < d->count; i++) {
        uint64_t units = count_at(d, i, variant);
        double value = d->values[i];
        bool is_capped = cap.is_known && value > cap.value;
        if (units == 0)
            continue;
        arm->units += units;
        arm->zeros += value == 0 ? units : 0;
        arm->capped_units += is_capped ? units : 0;
        arm->largest = stats_known(value);
        add_equal(&arm->plain, value, units);
        add_equal(&arm->limited, is_capped ? cap.value : value, units);
    }
}

static void judge_arm(const struct distribution *d, size_t variant, struct stats_number cap,
                      struct distribution_arm *arm)
{
    static const char *const outlier[] = {"outlier"};
    arm->key = d->variants[variant];
    count_units(d, variant, cap, arm);
    struct stats_moments limited = stats_running_moments(&arm->limited);
    double sum = sum_of(&arm->plain);
    if (sum > 0)
        arm->largest_share = stats_known(arm->largest.value / sum);
    if (arm->units > 0) {
        arm->capped_sum = stats_known(sum_of(&arm->limited));
        arm->capped_value = stats_known(limited.mean);
    }
    if (arm->units > 1)
        arm->capped_se = stats_known(sqrt(stats_mean_estimate(&limited).variance));
    judge_quantiles(d, variant, arm->quantiles);
    arm->shown = arm->quantiles;
    arm->quantile_count = DISTRIBUTION_QUANTILES;
    arm->warnings = outlier;
    arm->warning_count = has_outlier(arm, cap);
}

const struct distribution_document *distribution_judge(const struct distribution *d,
                                                       struct arena *arena)
{
    struct distribution_document *document = arena_zalloc(arena, sizeof(*document));
    struct distribution_arm *arms = arena_zalloc(arena, (d->variant_count + 1) * sizeof(*arms));
    struct stats_number cap = cap_of(d);
    *document = (struct distribution_document){.is_mean = d->is_mean,
                                               .cap_quantile = CAP_QUANTILE,
                                               .cap = cap,
                                               .arms = arms,
                                               .arm_count = d->variant_count};
    for (size_t v = 0; v < d->variant_count; v++) {
        judge_arm(d, v, cap, &arms[v]);
        document->capped_units += arms[v].capped_units;
        if (arms[v].warning_count == 0)
            continue;
        document->warnings = arms[v].warnings;
        document->warning_count = 1;
    }
    for (size_t v = 0; v < d->variant_count; v++)
        if (d->control >= 0 && v != (size_t)d->control)
            arms[v].effect = effect_of(d, arena, &arms[d->control], &arms[v], v);
    return document;
}
