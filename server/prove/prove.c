// SPDX-License-Identifier: GPL-3.0-or-later
#include "prove/prove_private.h"

#define UNITS_LEAST 10
/* Squares of so much, over so many units, fit exact sums. */
#define UNITS_MOST (1 << 24)
#define VALUE_MOST (INT64_C(1) << 50)

static enum err check_metric(const struct prove_units *units, const struct prove_metric *m,
                             struct fault *fault)
{
    for (size_t i = 0; i < units->count; i++) {
        int64_t x = m->numerator[i], y = m->kind == PROVE_RATIO ? m->denominator[i] : 0;
        if (x >= VALUE_MOST || x <= -VALUE_MOST || y >= VALUE_MOST || y <= -VALUE_MOST)
            return fault_set(fault, ERR_TOO_LARGE, "", "values of \"%s\" are too large", m->key);
        if (m->kind == PROVE_CONVERSION && x != 0 && x != 1)
            return fault_set(fault, ERR_INVALID, "", "\"%s\" is a conversion, but not 0 or 1",
                             m->key);
    }
    return ERR_OK;
}

static enum err check(const struct prove_units *units, const struct prove_plan *plan,
                      struct fault *fault)
{
    if (units->count < UNITS_LEAST)
        return fault_set(fault, ERR_INVALID, "", "%zu units are too few to be split at random",
                         units->count);
    if (units->count > UNITS_MOST)
        return fault_set(fault, ERR_TOO_LARGE, "", "more than %d units", UNITS_MOST);
    if (plan->runs < 1 || plan->runs > PROVE_RUNS_MOST)
        return fault_set(fault, ERR_INVALID, "/runs", "runs must be from 1 to %d", PROVE_RUNS_MOST);
    if (!(plan->uplift > -1 && plan->uplift <= 10))
        return fault_set(fault, ERR_INVALID, "/uplift", "uplift must be above -1, at most 10");
    if (!(plan->confidence >= 0.5 && plan->confidence <= 0.9999))
        return fault_set(fault, ERR_INVALID, "/confidence",
                         "confidence must be from 0.5 to 0.9999");
    for (size_t i = 0; i < units->metric_count; i++)
        if (check_metric(units, &units->metrics[i], fault))
            return fault->code;
    return ERR_OK;
}

static void count_if(struct prove_rate *rate, bool is_so)
{
    rate->of++;
    rate->count += is_so;
}

static bool holds(struct stats_interval interval, double value)
{
    return interval.lower <= value && value <= interval.upper;
}

/* One run of one metric with nothing put in; its p-value goes behind those before. */
static void try_null(struct prove_finding *f, const struct stats_effect *e, double *p, double alpha)
{
    if (!e->p_two_sided.is_known)
        return;
    p[f->false_calls.of] = e->p_two_sided.value;
    count_if(&f->false_calls, e->p_two_sided.value < alpha);
    if (e->interval.is_known)
        count_if(&f->coverage, holds(e->interval, 0));
}

/* A unit's uplift is the same whoever it is, so the truth that the interval must hold is known. */
static void try_lifted(struct prove_finding *f, const struct stats_effect *e, double uplift,
                       double alpha)
{
    if (e->p_two_sided.is_known)
        count_if(&f->power, e->p_two_sided.value < alpha);
    if (e->uplift_interval.is_known)
        count_if(&f->uplift_coverage, holds(e->uplift_interval, uplift));
}

static void try_metric(struct prove_bench *b, const struct prove_column *c, uint64_t run,
                       struct prove_finding *f, double *p)
{
    const enum prove_kind kind = c->metric->kind;
    const size_t last = b->looks - 1;
    const double confidence = b->plan->confidence, alpha = 1 - confidence;
    prove_split_sum(b, c);
    const struct prove_sums rest = prove_sums_rest(&c->totals[last], &b->split.of[last]);
    const struct prove_arm control = prove_arm_of(kind, &rest);
    const struct prove_arm treatment = prove_arm_of(kind, &b->split.of[last]);
    const struct stats_effect effect = c->test(&control, &treatment, confidence);
    try_null(f, &effect, p, alpha);
    if (b->plan->uplift != 0) {
        const struct prove_arm lifted = prove_arm_lifted(kind, &treatment, b->plan, run);
        const struct stats_effect changed = c->test(&control, &lifted, confidence);
        try_lifted(f, &changed, b->plan->uplift, alpha);
    }
    unsigned called = prove_peek(b, c);
    for (int rule = 0; rule < PROVE_RULES; rule++)
        count_if(&f->peeking[rule], called >> rule & 1);
}

static struct prove_finding *findings_new(const struct prove_bench *b, struct arena *arena)
{
    const size_t count = b->units->metric_count;
    struct prove_finding *list = arena_zalloc(arena, (count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++) {
        const struct prove_metric *m = &b->units->metrics[i];
        list[i].key = arena_strdup(arena, m->key);
        list[i].kind = m->kind;
        list[i].nonzero = b->columns[i].count;
        list[i].planned_power =
            prove_planned_power(m->kind, &b->columns[i].totals[b->looks - 1], b->plan);
    }
    return list;
}

enum err prove_run(const struct prove_units *units, const struct prove_plan *plan,
                   struct arena *arena, struct prove_report *ret_report, struct fault *ret_fault)
{
    enum err e = check(units, plan, ret_fault);
    if (e)
        return e;
    struct prove_bench b = {.units = units, .plan = plan};
    const size_t runs = (size_t)plan->runs, metrics = units->metric_count;
    prove_looks_init(&b, arena);
    prove_columns_init(&b, arena);
    struct prove_finding *findings = findings_new(&b, arena);
    double *p = arena_alloc(arena, (runs * metrics + 1) * sizeof(*p));
    for (size_t run = 0; run < runs; run++) {
        if (plan->on_progress && !plan->on_progress(plan->arg, (double)run / (double)runs))
            return fault_set(ret_fault, ERR_CONFLICT, "", "stopped");
        prove_split_draw(&b, run);
        for (size_t i = 0; i < metrics; i++)
            try_metric(&b, &b.columns[i], run, &findings[i], p + i * runs);
    }
    for (size_t i = 0; i < metrics; i++)
        prove_judge(&findings[i], p + i * runs, 1 - plan->confidence);
    *ret_report = (struct prove_report){.plan = *plan,
                                        .units = units->count,
                                        .looks = b.looks,
                                        .look_us = b.look_us,
                                        .metric_count = metrics,
                                        .findings = findings};
    return ERR_OK;
}
