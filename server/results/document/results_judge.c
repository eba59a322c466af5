// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_judge.h"

#include "base/clock.h"
#include "results/document/results_judge_attention.h"
#include "results/document/results_judge_exposures.h"
#include "results/document/results_judge_looks.h"
#include "results/document/results_judge_metrics.h"
#include "results/document/results_judge_money.h"
#include "results/judge/results_cells.h"
#include "results/sums/results_find.h"
#include "results/verdict/verdict_facts.h"

enum { WARNINGS_MAX = 6 };

static const struct results_variant_document *judge_variants(const struct results *r)
{
    struct results_variant_document *list =
        arena_zalloc(r->arena, (r->variant_count + 1) * sizeof(*list));
    for (size_t i = 0; i < r->variant_count; i++) {
        const struct results_variant *v = &r->variants[i];
        struct results_sums sums = results_sums_of(results_find_sums(r, 0, v->key, "all", ""));
        list[i] = (struct results_variant_document){.key = v->key,
                                                    .name = v->name,
                                                    .is_control = v->is_control,
                                                    .weight = v->weight,
                                                    .share = v->share,
                                                    .units = sums.units,
                                                    .crossovers = sums.crossovers};
    }
    return list;
}

static bool has_outlier(const struct results *r)
{
    for (size_t i = 0; i < r->metric_count; i++)
        if (r->metrics[i].outlier.variant)
            return true;
    return false;
}

static bool has_interaction(const struct results_interactions *o)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->list[i].is_found)
            return true;
    return false;
}

static bool has_joint_alarm(const struct results_interactions *o)
{
    for (size_t i = 0; i < o->joint_count; i++)
        if (o->joints[i].is_alarm)
            return true;
    return false;
}

/* Of metrics that leave events out: with numbers out of bounds, or without a rate. */
static const struct results_invalid *judge_left_out(const struct results *r, bool is_unrated,
                                                    size_t *ret_count)
{
    struct results_invalid *list = arena_zalloc(r->arena, (r->metric_count + 1) * sizeof(*list));
    *ret_count = 0;
    for (size_t i = 0; i < r->metric_count; i++) {
        const struct results_metric *m = &r->metrics[i];
        uint64_t events = is_unrated ? m->unrated_events : m->invalid_events;
        if (events > 0)
            list[(*ret_count)++] = (struct results_invalid){m->key, events};
    }
    return list;
}

static bool is_complete(const struct results *r)
{
    bool is_made = r->head.backlog == 0 && r->head.is_settled && r->head.due_days == 0;
    for (size_t i = 0; i < r->metric_count; i++)
        is_made &= r->metrics[i].is_computed;
    return is_made;
}

static struct results_health health_of(const struct results *r, const struct results_sizes *sizes,
                                       const struct results_interactions *o)
{
    const struct {
        bool is_there;
        const char *name;
    } all[WARNINGS_MAX] = {
        {sizes->is_odd || sizes->is_mismatch, "srm"},
        {has_joint_alarm(o), "joint_srm"},
        {has_interaction(o), "interaction"},
        {sizes->crossovers > 0, "crossovers"},
        {has_outlier(r), "outlier"},
        {r->head.is_partial, "import_partial"},
    };
    const char **warnings = arena_zalloc(r->arena, WARNINGS_MAX * sizeof(*warnings));
    struct results_health h = {.sizes = *sizes,
                               .joints = o->joints,
                               .joint_count = o->joint_count,
                               .overflow = r->overflow,
                               .excluded = r->excluded_units,
                               .backlog = r->head.backlog,
                               .is_complete = is_complete(r),
                               .warnings = warnings};
    h.invalid = judge_left_out(r, false, &h.invalid_count);
    h.unrated = judge_left_out(r, true, &h.unrated_count);
    for (size_t i = 0; i < WARNINGS_MAX; i++)
        if (all[i].is_there)
            warnings[h.warning_count++] = all[i].name;
    return h;
}

static struct results_verdict verdict_by(const struct results *r, const struct verdict_facts *facts)
{
    struct verdict_caution *cautions = arena_zalloc(r->arena, VERDICT_CAUTIONS * sizeof(*cautions));
    struct results_verdict v = {.verdict = verdict_of(facts),
                                .cautions = cautions,
                                .days = facts->days,
                                .units = facts->units,
                                .days_left = verdict_days_left(facts)};
    v.caution_count = verdict_cautions(facts, &v.verdict, cautions);
    if (facts->needed_units > 0)
        v.needed_units = stats_known(facts->needed_units);
    return v;
}

static const char *time_text(const struct results *r, int64_t us)
{
    char *text = arena_zalloc(r->arena, CLOCK_TEXT_SIZE);
    clock_format(us, text);
    return text;
}

const struct results_document *results_judge(const struct results *r, int64_t as_of_us)
{
    const struct results_cells *cells = results_judge_cells(r);
    struct results_sizes sizes = results_sizes_of(r);
    struct results_interactions interactions = results_interactions_of(r);
    struct verdict_facts facts = verdict_facts_of(cells, &sizes, &interactions, as_of_us);
    struct results_verdict verdict = verdict_by(r, &facts);
    struct results_document *d = arena_zalloc(r->arena, sizeof(*d));
    *d = (struct results_document){
        .head = r->head,
        .as_of = time_text(r, as_of_us),
        .control = r->control >= 0 ? r->variants[r->control].key : NULL,
        .verdict = verdict,
        .traffic = r->traffic,
        .variants = judge_variants(r),
        .variant_count = r->variant_count,
        .health = health_of(r, &sizes, &interactions),
        .metrics = results_judge_metrics(cells, results_has_impact(&verdict.verdict)),
        .metric_count = r->metric_count,
        .interactions = interactions.list,
        .interaction_count = interactions.count,
        .looks = results_judge_looks(cells),
        .look_count = r->day_count,
    };
    d->exposures = results_judge_exposures(r, &d->exposure_count);
    d->insight = results_insight_of(cells, &verdict.verdict);
    d->money = results_judge_money(r, &facts, d);
    d->attention = results_judge_attention(r, &verdict.verdict, as_of_us, &d->attention_count);
    return d;
}
