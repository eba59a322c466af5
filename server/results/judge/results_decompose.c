// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_decompose.h"

#include <string.h>

static const struct results_arm *arm_of(const struct results_cells *c, const char *metric,
                                        size_t variant)
{
    for (size_t i = 0; i < c->r->metric_count; i++)
        if (strcmp(c->r->metrics[i].key, metric) == 0)
            return &results_cell_at(c, i, variant)->arm;
    return NULL;
}

/* Orders per buyer: orders over the indicator of buying. Of an indicator all sums are known: its
 * square is itself, and its product with the orders are the orders. */
static bool take_orders(const struct results_arm *buyers, const struct results_arm *values,
                        struct stats_estimate *ret)
{
    struct stats_cross_sums sums = {.n = buyers->sums.units, .unit_x = 1, .unit_y = 1};
    struct stats_comoments pair;
    sums.y = sums.yy = (__int128)buyers->prop.x;
    if (!stats_parse_fixed(values->sums.d, 0, &sums.x) ||
        !stats_parse_fixed(values->sums.dd, 0, &sums.xx) || sums.x < sums.y)
        return false;
    sums.xy = sums.x;
    if (!stats_comoments_from_sums(&sums, &pair))
        return false;
    struct stats_ratio_arm orders = stats_ratio_arm(&pair);
    *ret = orders.estimate;
    return orders.status == STATS_OK;
}

/* Why the three metrics are not factors of the fourth, or NULL. */
static const char *take_arm(const struct results_cells *c, size_t variant,
                            struct stats_estimate ret[FACTOR_COUNT])
{
    const struct results_arm *buyers = arm_of(c, "conversion_rate", variant);
    const struct results_arm *values = arm_of(c, "average_order_value", variant);
    const struct results_arm *whole = arm_of(c, "revenue_per_visitor", variant);
    if (!buyers || !values || !whole)
        return "a metric is missing";
    if (buyers->status || values->status || whole->status || !whole->se.is_known)
        return "too few data";
    if (buyers->sums.units != whole->sums.units || values->sums.units != whole->sums.units ||
        strcmp(values->sums.n, whole->sums.n) != 0)
        return "the metrics do not count the same revenue";
    if (buyers->prop.x == 0 || !(whole->value.value > 0))
        return "nothing was bought";
    ret[FACTOR_CONVERSION] = stats_prop_estimate(&buyers->prop);
    ret[FACTOR_VALUE] = stats_ratio_arm(&values->comoments).estimate;
    ret[FACTOR_WHOLE] = stats_mean_estimate(&whole->moments);
    return take_orders(buyers, values, &ret[FACTOR_ORDERS])
               ? NULL
               : "the metrics do not count the same orders";
}

struct results_decomposition results_decompose(const struct results_cells *c, size_t variant)
{
    struct stats_estimate control[FACTOR_COUNT] = {0}, treatment[FACTOR_COUNT] = {0};
    struct results_decomposition d = {.why = "there is no control",
                                      .confidence = c->r->head.confidence};
    if (c->r->control >= 0)
        d.why = take_arm(c, (size_t)c->r->control, control);
    if (!d.why)
        d.why = take_arm(c, variant, treatment);
    d.is_known = !d.why;
    for (int i = 0; i < FACTOR_COUNT && d.is_known; i++)
        d.factors[i] = (struct results_factor){
            .control = control[i].value,
            .treatment = treatment[i].value,
            .uplift = stats_known(treatment[i].value / control[i].value - 1),
            .uplift_interval = stats_uplift_log(control[i], treatment[i],
                                                stats_norm_critical(c->r->head.confidence)),
        };
    return d;
}
