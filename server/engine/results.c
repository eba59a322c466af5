// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/results.h"

#include "base/clock.h"
#include "base/json.h"
#include "engine/results_interaction.h"

#include <string.h>

static const struct json_limits limits = {
    .bytes = 256u * 1024 * 1024, .depth = 40, .nodes = 20u * 1000 * 1000};

static struct results_sums variant_sums(const struct results *r, int metric, size_t variant)
{
    return results_sums_of(results_find_sums(r, metric, r->variants[variant].key, "all", ""));
}

static void add_variants(struct buf *b, const struct results *r)
{
    json_add_key(b, "variants");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->variant_count; i++) {
        struct results_sums sums = variant_sums(r, 0, i);
        json_add_comma(b);
        buf_add_str(b, "{\"key\":");
        json_add_string(b, r->variants[i].key);
        buf_printf(b,
                   ",\"is_control\":%s,\"weight\":", r->variants[i].is_control ? "true" : "false");
        json_add_number(b, r->variants[i].weight);
        buf_printf(b, ",\"units\":%llu,\"crossovers\":%llu}", (unsigned long long)sums.units,
                   (unsigned long long)sums.crossovers);
    }
    buf_add_char(b, ']');
}

/* One metric's variants at one value of one dimension, each against the control. */
static void add_comparison(struct buf *b, const struct results *r, const struct results_metric *m,
                           const char *dimension, const char *value)
{
    struct results_arm control = {.status = STATS_SINGLE_ARM};
    if (r->control >= 0) {
        struct results_sums sums = results_sums_of(
            results_find_sums(r, m->id, r->variants[r->control].key, dimension, value));
        control = results_arm_of(m, &sums);
    }
    json_add_key(b, "variants");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->variant_count; i++) {
        struct results_sums sums =
            results_sums_of(results_find_sums(r, m->id, r->variants[i].key, dimension, value));
        struct results_arm arm = results_arm_of(m, &sums);
        json_add_comma(b);
        buf_add_str(b, "{\"key\":");
        json_add_string(b, r->variants[i].key);
        results_add_arm(b, m, &arm);
        if (!r->variants[i].is_control) {
            struct results_effect effect = results_effect_of(m, &control, &arm, r->confidence);
            buf_add_str(b, ",\"effect\":{");
            results_add_frequentist(b, m, &effect);
            results_add_bayesian(b, m, &effect);
            results_add_cuped(b, r, m, &control, &arm);
            buf_add_char(b, '}');
        }
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

/* Values come sorted: each is shown once, at its first row. */
static void add_breakdown(struct buf *b, const struct results *r, const struct results_metric *m)
{
    const char *last = NULL;
    json_add_key(b, "breakdown");
    buf_add_char(b, '{');
    json_add_key(b, r->dimension);
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->sum_count; i++) {
        const struct results_row *row = &r->sums[i];
        if (strcmp(row->dimension, r->dimension) != 0 || (last && strcmp(last, row->value) == 0))
            continue;
        last = row->value;
        json_add_comma(b);
        buf_add_str(b, "{\"value\":");
        json_add_string(b, row->value);
        add_comparison(b, r, m, r->dimension, row->value);
        buf_add_char(b, '}');
    }
    buf_add_str(b, "]}");
}

/* The answers beside each other, each with what it takes to recompute it. */
static void add_effect(struct buf *b, const struct results *r, const struct results_metric *m,
                       size_t variant)
{
    size_t metric = (size_t)(m - r->metrics);
    const struct results_cell *cell = results_cell_at(r, metric, variant);
    json_add_key(b, "effect");
    buf_add_char(b, '{');
    results_add_frequentist(b, m, &cell->effect);
    results_add_bayesian(b, m, &cell->effect);
    if (r->control >= 0)
        results_add_cuped(b, r, m, &results_cell_at(r, metric, (size_t)r->control)->arm,
                          &cell->arm);
    results_add_sequential(b, cell);
    results_add_trend(b, &cell->trend);
    results_add_planned(b, r, m, &cell->planned);
    results_add_multiplicity(b, r, m, &cell->adjusted);
    if (m->place == ROLE_GUARDRAIL && r->control >= 0) {
        struct results_noninferiority n =
            results_noninferiority_of(m, results_cell_at(r, metric, (size_t)r->control), cell);
        results_add_noninferiority(b, m, &n);
    }
    if (strcmp(m->key, "revenue_per_visitor") == 0) {
        struct results_decomposition d = results_decompose(r, variant);
        results_add_decomposition(b, &d, r->confidence);
    }
    buf_add_char(b, '}');
}

static void add_whole(struct buf *b, const struct results *r, const struct results_metric *m)
{
    json_add_key(b, "variants");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->variant_count; i++) {
        json_add_comma(b);
        buf_add_str(b, "{\"key\":");
        json_add_string(b, r->variants[i].key);
        results_add_arm(b, m, &results_cell_at(r, (size_t)(m - r->metrics), i)->arm);
        if (!r->variants[i].is_control)
            add_effect(b, r, m, i);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

static void add_metric(struct buf *b, const struct results *r, const struct results_metric *m)
{
    json_add_comma(b);
    buf_add_char(b, '{');
    results_add_text(b, "key", m->key);
    results_add_text(b, "name", m->name);
    results_add_text(b, "kind", m->kind);
    results_add_text(b, "role", m->role);
    results_add_text(b, "direction", m->direction);
    results_add_text(b, "unit", m->unit);
    results_add_text(b, "status", m->is_computed ? "ok" : "computing");
    add_whole(b, r, m);
    if (r->dimension[0])
        add_breakdown(b, r, m);
    json_add_key(b, "distribution");
    json_add_value(b, m->distribution);
    buf_add_char(b, '}');
}

/* The interval of this look alone that may be read at every look. */
static void add_look_sequential(struct buf *b, const struct results *r, size_t metric,
                                size_t variant, size_t look)
{
    const struct results_cell *cell = results_cell_at(r, metric, variant);
    struct stats_always_valid now = results_sequential_at(&cell->path, look, r->rules.alpha);
    json_add_key(b, "sequential");
    buf_add_char(b, '{');
    results_add_text(b, "status", stats_status_name(now.status));
    results_add_number(b, "p", now.p);
    results_add_interval(b, "uplift_interval", now.uplift_interval);
    buf_add_char(b, '}');
}

static void add_look_metric(struct buf *b, const struct results *r, size_t look,
                            const struct results_metric *m)
{
    const struct results_day *day = &r->days[look];
    struct results_arm control = {.status = STATS_SINGLE_ARM};
    if (r->control >= 0) {
        struct results_sums sums =
            results_sums_of(results_find_look(r, day, m->id, r->variants[r->control].key));
        control = results_arm_of(m, &sums);
    }
    json_add_comma(b);
    buf_add_char(b, '{');
    results_add_text(b, "key", m->key);
    json_add_key(b, "variants");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->variant_count; i++) {
        struct results_sums sums =
            results_sums_of(results_find_look(r, day, m->id, r->variants[i].key));
        struct results_arm arm = results_arm_of(m, &sums);
        json_add_comma(b);
        buf_add_char(b, '{');
        results_add_text(b, "key", r->variants[i].key);
        json_add_key(b, "units");
        json_add_int(b, (int64_t)arm.sums.units);
        results_add_number(b, "value", arm.value);
        if (!r->variants[i].is_control) {
            struct stats_effect effect = results_test_of(m, &control, &arm, r->confidence);
            results_add_number(b, "difference", effect.diff);
            results_add_interval(b, "interval", effect.interval);
            results_add_interval(b, "uplift_interval", effect.uplift_interval);
            results_add_number(b, "p", effect.p_two_sided);
            results_add_number(b, "chance_to_win", results_chance_of(m, &control, &arm));
            if (r->control >= 0)
                add_look_sequential(b, r, (size_t)(m - r->metrics), i, look);
        }
        buf_add_char(b, '}');
    }
    buf_add_str(b, "]}");
}

static void add_looks(struct buf *b, const struct results *r)
{
    json_add_key(b, "looks");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->day_count; i++) {
        const struct results_day *day = &r->days[i];
        json_add_comma(b);
        buf_add_char(b, '{');
        results_add_text(b, "day", r->looks[day->from].day);
        results_add_text(b, "as_of", r->looks[day->from].as_of);
        json_add_key(b, "metrics");
        buf_add_char(b, '[');
        for (size_t j = 0; j < r->metric_count; j++)
            add_look_metric(b, r, i, &r->metrics[j]);
        buf_add_str(b, "]}");
    }
    buf_add_char(b, ']');
}

static void add_head(struct buf *b, const struct results *r, int64_t as_of_us)
{
    static const char *const copied[] = {"name",      "kind",       "status",   "phase",
                                         "phases",    "started_at", "ended_at", "currency",
                                         "time_zone", "confidence"};
    char as_of[CLOCK_TEXT_SIZE];
    clock_format(as_of_us, as_of);
    results_add_text(b, "campaign", json_string_value(json_object_get(r->head, "key")));
    for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
        json_add_key(b, copied[i]);
        json_add_value(b, json_object_get(r->head, copied[i]));
    }
    results_add_text(b, "as_of", as_of);
    json_add_key(b, "statistics");
    json_add_value(b, r->statistics);
    json_add_key(b, "control");
    if (r->control >= 0)
        json_add_string(b, r->variants[r->control].key);
    else
        buf_add_str(b, "null");
}

static void add_all(struct buf *b, const struct results *r, int64_t as_of_us)
{
    buf_add_char(b, '{');
    add_head(b, r, as_of_us);
    results_add_recommendation(b, r, as_of_us);
    add_variants(b, r);
    results_add_health(b, r);
    json_add_key(b, "metrics");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->metric_count; i++)
        add_metric(b, r, &r->metrics[i]);
    buf_add_char(b, ']');
    results_add_interactions(b, r);
    add_looks(b, r);
    buf_add_str(b, "}\n");
}

static json_t *parse(char *text, struct fault *fault)
{
    return json_parse(text, strlen(text), &limits, NULL, fault);
}

enum err results_write(const struct results_input *input, const char *dimension, int64_t as_of_us,
                       struct buf *out, struct fault *ret_fault)
{
    auto_json json_t *head = parse(input->head, ret_fault);
    auto_json json_t *metrics = head ? parse(input->metrics, ret_fault) : NULL;
    auto_json json_t *sums = metrics ? parse(input->sums, ret_fault) : NULL;
    auto_json json_t *looks = sums ? parse(input->looks, ret_fault) : NULL;
    if (!looks)
        return ERR_INTERNAL;
    auto_arena struct arena *arena = arena_new(0);
    struct results r = {.arena = arena, .dimension = dimension};
    r.sums = results_read_rows(&r, sums, &r.sum_count);
    r.looks = results_read_rows(&r, looks, &r.look_count);
    enum err e = results_read(&r, head, metrics, ret_fault);
    if (e)
        return e;
    results_find_days(&r);
    for (size_t i = 0; i < r.variant_count; i++)
        r.units += (double)variant_sums(&r, 0, i).units;
    results_fill_cells(&r);
    results_fill_overlap(&r);
    add_all(out, &r, as_of_us);
    json_decref(r.statistics);
    return ERR_OK;
}
