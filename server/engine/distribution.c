// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/distribution.h"

#include "base/json.h"
#include "base/mem.h"
#include "engine/results_phase.h"

#include <math.h>

#define CAP_QUANTILE   0.999
#define OUTLIER_SHARE  0.1
#define OUTLIER_FACTOR 10

static const double shown_quantiles[] = {0.5, 0.9, 0.95};
#define QUANTILES (sizeof(shown_quantiles) / sizeof(shown_quantiles[0]))

/* One variant, or all of them together. */
struct arm {
    uint64_t units, zeros, capped;
    bool has_outlier;
    double largest;
    struct stats_running plain, limited; /* without and with the cap */
    struct stats_quantile quantiles[QUANTILES];
};

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

/* The values one by one, ascending; variant == variant_count: all that are not 0, of all. */
static double *spread_out(const struct distribution *d, size_t variant, size_t *ret_count)
{
    bool is_all = variant == d->variant_count;
    size_t total = 0, at = 0;
    for (size_t i = 0; i < d->count; i++)
        total += is_all ? count_of_all(d, i) : count_at(d, i, variant);
    double *values = mem_alloc((total + 1) * sizeof(*values));
    for (size_t i = 0; i < d->count; i++) {
        if (is_all && d->values[i] == 0)
            continue;
        uint64_t units = is_all ? count_of_all(d, i) : count_at(d, i, variant);
        for (uint64_t k = 0; k < units; k++)
            values[at++] = d->values[i];
    }
    *ret_count = at;
    return values;
}

static struct stats_number cap_of(const struct distribution *d)
{
    size_t count;
    auto_free double *values = spread_out(d, d->variant_count, &count);
    return stats_quantile(values, count, CAP_QUANTILE, d->confidence).value;
}

static void add_equal(struct stats_running *running, double value, uint64_t units)
{
    struct stats_running equal = {.origin = value, .rest = {.n = units}};
    stats_running_merge(running, &equal);
}

static struct arm arm_of(const struct distribution *d, size_t variant, struct stats_number cap)
{
    struct arm arm = {0};
    for (size_t i = 0; i < d->count; i++) {
        uint64_t units = count_at(d, i, variant);
        double value = d->values[i];
        bool is_capped = cap.is_known && value > cap.value;
        if (units == 0)
            continue;
        arm.units += units;
        arm.zeros += value == 0 ? units : 0;
        arm.capped += is_capped ? units : 0;
        arm.largest = value;
        add_equal(&arm.plain, value, units);
        add_equal(&arm.limited, is_capped ? cap.value : value, units);
    }
    size_t count;
    auto_free double *values = spread_out(d, variant, &count);
    for (size_t q = 0; q < QUANTILES; q++)
        arm.quantiles[q] = stats_quantile(values, count, shown_quantiles[q], d->confidence);
    return arm;
}

static double sum_of(const struct stats_running *running)
{
    struct stats_moments m = stats_running_moments(running);
    return m.mean * (double)m.n;
}

static bool has_outlier(const struct arm *arm, struct stats_number cap)
{
    double sum = sum_of(&arm->plain);
    if (arm->units == 0 || !(arm->largest > 0))
        return false;
    return (sum > 0 && arm->largest > OUTLIER_SHARE * sum) ||
           (cap.is_known && cap.value > 0 && arm->largest > OUTLIER_FACTOR * cap.value);
}

static void add_count(struct buf *b, const char *key, uint64_t count)
{
    json_add_key(b, key);
    json_add_int(b, (int64_t)count);
}

static void open_quantile(struct buf *b, size_t q, enum stats_status status)
{
    json_add_comma(b);
    buf_add_str(b, "{\"quantile\":");
    json_add_number(b, shown_quantiles[q]);
    results_add_text(b, "status", stats_status_name(status));
}

static void add_effect_quantiles(struct buf *b, const struct distribution *d,
                                 const struct arm *control, const struct arm *arm)
{
    json_add_key(b, "quantiles");
    buf_add_char(b, '[');
    for (size_t q = 0; q < QUANTILES; q++) {
        struct stats_quantile_diff diff =
            stats_quantile_diff(&control->quantiles[q], &arm->quantiles[q], d->confidence);
        open_quantile(b, q, diff.effect.status);
        results_add_number(b, "difference", diff.effect.diff);
        results_add_interval(b, "interval", diff.mover);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

static void add_capped(struct buf *b, const struct distribution *d, const struct arm *control,
                       const struct arm *arm)
{
    struct stats_moments before = stats_running_moments(&control->limited),
                         after = stats_running_moments(&arm->limited);
    struct stats_effect e = stats_welch(&before, &after, d->confidence);
    json_add_key(b, "capped");
    buf_add_str(b, "{\"method\":\"welch\"");
    results_add_text(b, "status", stats_status_name(e.status));
    results_add_number(b, "difference", e.diff);
    results_add_number(b, "se", e.se);
    results_add_interval(b, "interval", e.interval);
    results_add_number(b, "uplift", e.uplift);
    results_add_interval(b, "uplift_interval", e.uplift_interval);
    results_add_number(b, "statistic", e.statistic);
    results_add_number(b, "df", e.df);
    results_add_number(b, "p", e.p_two_sided);
    buf_add_char(b, '}');
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

/* Of few units the p-value is exact. */
static void add_ranks(struct buf *b, const struct distribution *d, size_t variant)
{
    size_t count;
    auto_free struct stats_rank_group *groups = groups_of(d, variant, &count);
    struct stats_rank r = stats_rank_test(groups, count, d->confidence);
    struct stats_number p = r.p;
    bool is_exact = r.status == STATS_OK && r.n1 + r.n2 <= STATS_RANK_EXACT;
    if (is_exact)
        p = stats_known(stats_rank_exact(groups, count, d->confidence).p);
    json_add_key(b, "ranks");
    buf_printf(b, "{\"method\":\"mann_whitney\",\"is_exact\":%s", is_exact ? "true" : "false");
    results_add_text(b, "status", stats_status_name(r.status));
    results_add_number(b, "superiority", r.superiority);
    results_add_interval(b, "interval", r.interval);
    results_add_number(b, "u", r.u);
    results_add_number(b, "z", r.z);
    results_add_number(b, "p", p);
    results_add_number(b, "brunner_munzel_p", r.bm_p);
    buf_add_char(b, '}');
}

static void add_arm(struct buf *b, const struct arm *arm)
{
    struct stats_moments limited = stats_running_moments(&arm->limited);
    struct stats_number none = {0}, largest = arm->units ? stats_known(arm->largest) : none;
    double sum = sum_of(&arm->plain);
    add_count(b, "units", arm->units);
    add_count(b, "zeros", arm->zeros);
    results_add_number(b, "largest", largest);
    results_add_number(b, "largest_share", sum > 0 ? stats_known(arm->largest / sum) : none);
    add_count(b, "capped_units", arm->capped);
    results_add_number(b, "capped_sum", arm->units ? stats_known(sum_of(&arm->limited)) : none);
    results_add_number(b, "capped_value", arm->units ? stats_known(limited.mean) : none);
    results_add_number(b, "capped_se",
                       arm->units > 1 ? stats_known(sqrt(stats_mean_estimate(&limited).variance))
                                      : none);
    json_add_key(b, "quantiles");
    buf_add_char(b, '[');
    for (size_t q = 0; q < QUANTILES; q++) {
        open_quantile(b, q, arm->quantiles[q].status);
        results_add_number(b, "value", arm->quantiles[q].value);
        results_add_interval(b, "interval", arm->quantiles[q].interval);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

static void add_warnings(struct buf *b, bool has_outlier)
{
    json_add_key(b, "warnings");
    buf_add_str(b, has_outlier ? "[\"outlier\"]" : "[]");
}

static void add_variant(struct buf *b, const struct distribution *d, const struct arm *arms,
                        size_t variant)
{
    json_add_comma(b);
    buf_add_char(b, '{');
    results_add_text(b, "key", d->variants[variant]);
    add_warnings(b, arms[variant].has_outlier);
    add_arm(b, &arms[variant]);
    if (d->control >= 0 && variant != (size_t)d->control) {
        json_add_key(b, "effect");
        buf_add_char(b, '{');
        add_capped(b, d, &arms[d->control], &arms[variant]);
        add_ranks(b, d, variant);
        add_effect_quantiles(b, d, &arms[d->control], &arms[variant]);
        buf_add_char(b, '}');
    }
    buf_add_char(b, '}');
}

void distribution_write(const struct distribution *d, struct buf *out)
{
    struct stats_number cap = cap_of(d);
    auto_free struct arm *arms = mem_zalloc((d->variant_count + 1) * sizeof(*arms));
    bool is_odd = false;
    uint64_t capped = 0;
    for (size_t v = 0; v < d->variant_count; v++) {
        arms[v] = arm_of(d, v, cap);
        arms[v].has_outlier = has_outlier(&arms[v], cap);
        is_odd = is_odd || arms[v].has_outlier;
        capped += arms[v].capped;
    }
    buf_add_char(out, '{');
    results_add_text(out, "values", d->is_mean ? "mean_of_unit" : "sum_of_unit");
    json_add_key(out, "cap_quantile");
    json_add_number(out, CAP_QUANTILE);
    results_add_number(out, "cap", cap);
    add_count(out, "capped_units", capped);
    add_warnings(out, is_odd);
    json_add_key(out, "variants");
    buf_add_char(out, '[');
    for (size_t v = 0; v < d->variant_count; v++)
        add_variant(out, d, arms, v);
    buf_add_str(out, "]}");
}
