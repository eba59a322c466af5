// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * All there is to say of one metric of one variant, over all units.
 */
#pragma once

#include "results/judge/results_planned.h"
#include "results/judge/results_trend.h"

/* Corrected for the questions asked together. */
struct results_adjusted {
    bool is_known;
    size_t size; /* of the family */
    double confidence;
    struct stats_number p;
    struct stats_interval interval, uplift_interval;
};

struct results_cell {
    struct results_arm arm;
    struct results_effect effect;
    struct results_path path;
    struct results_sequential sequential;
    struct results_trend trend;
    struct results_planned planned;
    struct results_adjusted adjusted;
    bool is_better, is_worse; /* called so by the campaign's own test */
};

/* The cells of all metrics and variants. */
struct results_cells {
    const struct results *r;
    struct results_planner plan;
    struct results_cell *cells; /* [metric][variant] */
};

static inline struct results_cell *results_cell_at(const struct results_cells *c, size_t metric,
                                                   size_t variant)
{
    return &c->cells[metric * c->r->variant_count + variant];
}
