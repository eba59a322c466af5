// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_family.h"

static size_t treatments_of(const struct results *r)
{
    return r->variant_count - (r->control >= 0 ? 1 : 0);
}

size_t results_family_size(const struct results *r, enum metric_role role)
{
    size_t metrics = 0, variants = treatments_of(r);
    for (size_t i = 0; i < r->metric_count; i++)
        metrics += r->metrics[i].role == role;
    if (!r->rules.is_adjusted || role == METRIC_ROLE_GUARDRAIL)
        return 1;
    size_t size = variants * (r->rules.is_by_metric ? 1 : metrics);
    return size > 0 ? size : 1;
}

size_t results_goal(const struct results *r)
{
    for (size_t i = 0; i < r->metric_count; i++)
        if (r->metrics[i].role == METRIC_ROLE_PRIMARY)
            return i;
    return 0;
}

double results_share_of(const struct results *r, size_t variant)
{
    double sum = 0, both = r->variants[r->control].weight + r->variants[variant].weight;
    for (size_t i = 0; i < r->variant_count; i++)
        sum += r->variants[i].weight;
    return sum > 0 && both > 0 ? both / sum : 1;
}
