// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_judge_money.h"

#include <string.h>

/* Nor where the average is said to hold for nobody, or not for long. */
bool results_has_impact(const struct verdict *verdict)
{
    return verdict->answer != VERDICT_BROKEN && verdict->answer != VERDICT_NOT_ENOUGH &&
           strcmp(verdict->rule, "novelty") != 0 && strcmp(verdict->rule, "interaction") != 0;
}

/* A sum of money by visitor: the first that is a goal, or else the first. */
static const struct results_metric_document *value_metric(const struct results_document *d)
{
    const struct results_metric_document *found = NULL;
    for (size_t i = 0; i < d->metric_count; i++) {
        const struct results_metric *m = d->metrics[i].metric;
        if (strcmp(m->unit, "money") != 0 || m->method != METHOD_MEAN || !m->is_computed)
            continue;
        if (m->role == METRIC_ROLE_PRIMARY)
            return &d->metrics[i];
        if (!found)
            found = &d->metrics[i];
    }
    return found;
}

static const char *leader(const struct verdict_facts *f)
{
    const struct verdict_variant *best = NULL;
    double sign = f->is_less_better ? -1 : 1;
    for (size_t i = 0; i < f->variant_count; i++)
        if (!best || f->variants[i].uplift * sign > best->uplift * sign)
            best = &f->variants[i];
    return best ? best->key : NULL;
}

const struct results_money *results_judge_money(const struct results *r,
                                                const struct verdict_facts *facts,
                                                const struct results_document *d)
{
    const struct verdict *verdict = &d->verdict.verdict;
    const struct results_metric_document *m = value_metric(d);
    const char *variant = verdict->variant ? verdict->variant : leader(facts);
    if (!m || !variant || !results_has_impact(verdict))
        return NULL;
    for (size_t i = 0; i < m->arm_count; i++) {
        const struct results_arm_document *arm = &m->arms[i];
        if (!arm->effect || !arm->effect->impact || strcmp(arm->key, variant) != 0)
            continue;
        struct results_money *money = arena_zalloc(r->arena, sizeof(*money));
        *money = (struct results_money){m->metric->key, arm->key, arm->effect->impact->confidence,
                                        arm->effect->impact};
        return money;
    }
    return NULL;
}
