// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/insight/results_insight.h"

#include "results/judge/results_family.h"

#include <math.h>
#include <string.h>

static const struct stats_beta_prior jeffreys = {0.5, 0.5};

/* The largest is the best: where less is better, everything is turned round. */
static struct stats_best best_of_rates(const struct results_cells *c, size_t metric, bool is_down)
{
    struct stats_prop props[STATS_BEST_ARMS];
    for (size_t i = 0; i < c->r->variant_count; i++) {
        props[i] = results_cell_at(c, metric, i)->arm.prop;
        if (is_down)
            props[i].x = props[i].n - props[i].x;
    }
    return stats_beta_best(&jeffreys, props, (int)c->r->variant_count);
}

static struct stats_best best_of_means(const struct results_cells *c, size_t metric, bool is_down)
{
    struct stats_estimate means[STATS_BEST_ARMS];
    for (size_t i = 0; i < c->r->variant_count; i++) {
        means[i] = results_estimate_of(&c->r->metrics[metric], &results_cell_at(c, metric, i)->arm);
        if (is_down)
            means[i].value = -means[i].value;
    }
    return stats_normal_best(means, (int)c->r->variant_count);
}

static struct stats_best best_of(const struct results_cells *c, size_t metric)
{
    const struct results *r = c->r;
    const struct results_metric *m = &r->metrics[metric];
    const bool is_down = strcmp(m->direction, "down") == 0;
    if (r->variant_count > STATS_BEST_ARMS)
        return (struct stats_best){.status = STATS_INVALID};
    for (size_t i = 0; i < r->variant_count; i++)
        if (!results_is_enough(m, &results_cell_at(c, metric, i)->arm))
            return (struct stats_best){.status = STATS_INSUFFICIENT_DATA};
    return m->method == METHOD_PROPORTION ? best_of_rates(c, metric, is_down)
                                          : best_of_means(c, metric, is_down);
}

static struct stats_interval over(struct stats_interval i, double by)
{
    return stats_between(i.lower / by, i.upper / by);
}

/* The bar of the test that called it; 0: a planned test with looks, whose own inference is
 * corrected already. */
static double bar_of(const struct results_cells *c, const struct results_cell *cell, double se)
{
    const double alpha =
        cell->adjusted.is_known ? 1 - cell->adjusted.confidence : c->r->rules.alpha;
    if (c->r->rules.method == JUDGE_GROUP)
        return 0;
    if (c->r->rules.method == JUDGE_FIXED)
        return stats_norm_critical(1 - alpha);
    const double units = cell->path.points[cell->path.count - 1].units;
    const struct stats_always_valid now =
        stats_mixture(0, se, cell->path.rho * se * sqrt(units), alpha);
    return now.status ? 0 : now.halfwidth.value / se;
}

static const struct results_corrected *corrected_of(const struct results_cells *c, size_t metric,
                                                    size_t variant)
{
    const struct results_cell *cell = results_cell_at(c, metric, variant);
    if (!(cell->is_better || cell->is_worse) || cell->path.count == 0)
        return NULL;
    const struct results_point *p = &cell->path.points[cell->path.count - 1];
    const double se = sqrt(p->control.variance + p->treatment.variance);
    const double bar = p->is_usable && se > 0 ? bar_of(c, cell, se) : 0;
    if (!(bar > 0))
        return NULL;
    const struct stats_selection s = stats_selection(p->treatment.value - p->control.value, se,
                                                     2 * stats_norm_q(bar), c->r->head.confidence);
    if (s.status || !s.median_unbiased.is_known || !s.interval.is_known)
        return NULL;
    struct results_corrected *f = arena_zalloc(c->r->arena, sizeof(*f));
    *f = (struct results_corrected){
        .bar = bar, .difference = s.median_unbiased, .interval = s.interval};
    const double control = fabs(p->control.value);
    if (control > 0) {
        f->uplift = stats_known(s.median_unbiased.value / control);
        f->uplift_interval = over(s.interval, control);
    }
    return f;
}

static const struct results_standing_arm *stand(const struct results_cells *c, size_t metric,
                                                const struct stats_best *best)
{
    const struct results *r = c->r;
    struct results_standing_arm *arms =
        arena_zalloc(r->arena, (r->variant_count + 1) * sizeof(*arms));
    for (size_t i = 0; i < r->variant_count; i++) {
        arms[i].key = r->variants[i].key;
        if (!r->variants[i].is_control)
            arms[i].corrected = corrected_of(c, metric, i);
        if (best->status)
            continue;
        arms[i].best = stats_known(best->p_best[i]);
        arms[i].top_two = stats_known(best->p_top_two[i]);
        arms[i].loss = stats_known(best->expected_loss[i]);
    }
    return arms;
}

static size_t leader_of(const struct results *r, const struct results_standing_arm *arms)
{
    size_t found = r->variant_count;
    for (size_t i = 0; i < r->variant_count; i++)
        if (!r->variants[i].is_control &&
            (found == r->variant_count || arms[i].best.value > arms[found].best.value))
            found = i;
    return found;
}

const struct results_insight *results_insight_of(const struct results_cells *c,
                                                 const struct verdict *verdict)
{
    const struct results *r = c->r;
    const size_t metric = results_goal(r);
    if (r->control < 0 || metric >= r->metric_count || !r->metrics[metric].is_computed ||
        r->is_repeated || verdict->answer == VERDICT_BROKEN ||
        verdict->answer == VERDICT_NOT_ENOUGH)
        return NULL;
    const struct stats_best best = best_of(c, metric);
    struct results_insight *i = arena_zalloc(r->arena, sizeof(*i));
    *i = (struct results_insight){.metric = r->metrics[metric].key,
                                  .status = best.status,
                                  .arms = stand(c, metric, &best),
                                  .arm_count = r->variant_count};
    const size_t leader = leader_of(r, i->arms);
    if (best.status || leader == r->variant_count)
        return i;
    i->leader = r->variants[leader].key;
    i->outlooks = results_outlook_of(c, metric, leader, &i->outlook_count);
    return i;
}
