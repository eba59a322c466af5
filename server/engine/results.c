// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/results.h"

#include "base/clock.h"
#include "base/json.h"
#include "engine/results_private.h"

#include <string.h>

#define SRM_WARNING_P 0.01
#define SRM_ALARM_P   0.001
#define VARIANTS_MAX  100

static const struct json_limits limits = {
    .bytes = 256u * 1024 * 1024, .depth = 40, .nodes = 20u * 1000 * 1000};

/* The row of 'sums' for (metric, variant) at one value of one dimension, or NULL. */
static const struct results_row *find_sums(const struct results *r, int metric, const char *variant,
                                           const char *dimension, const char *value)
{
    for (size_t i = 0; i < r->sum_count; i++) {
        const struct results_row *row = &r->sums[i];
        if (row->metric == metric && strcmp(row->variant, variant) == 0 &&
            strcmp(row->value, value) == 0 && strcmp(row->dimension, dimension) == 0)
            return row;
    }
    return NULL;
}

static struct results_sums variant_sums(const struct results *r, int metric, size_t variant)
{
    return results_sums_of(find_sums(r, metric, r->variants[variant].key, "all", ""));
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

static const char *srm_verdict(const struct stats_srm *srm)
{
    if (srm->status != STATS_OK)
        return stats_status_name(srm->status);
    return srm->p.value < SRM_ALARM_P ? "alarm" : srm->p.value < SRM_WARNING_P ? "warning" : "ok";
}

static void add_health(struct buf *b, const struct results *r)
{
    uint64_t units[VARIANTS_MAX], crossovers = 0;
    double weights[VARIANTS_MAX];
    size_t count = r->variant_count < VARIANTS_MAX ? r->variant_count : VARIANTS_MAX;
    for (size_t i = 0; i < count; i++) {
        struct results_sums sums = variant_sums(r, 0, i);
        units[i] = sums.units;
        crossovers += sums.crossovers;
        weights[i] = r->variants[i].weight;
    }
    struct stats_srm srm = stats_srm(units, weights, count);
    const char *verdict = srm_verdict(&srm);
    bool is_mismatch = srm.status == STATS_OK && srm.p.value < SRM_WARNING_P;
    json_add_key(b, "health");
    buf_add_str(b, "{\"srm\":{\"status\":");
    json_add_string(b, verdict);
    results_add_number(b, "chi2", srm.chi2);
    results_add_number(b, "df", srm.df);
    results_add_number(b, "p", srm.p);
    buf_printf(b, "},\"crossovers\":%llu,\"fold\":{\"lag_events\":%lld},\"warnings\":[",
               (unsigned long long)crossovers,
               (long long)json_integer_value(json_object_get(r->head, "backlog")));
    if (is_mismatch)
        buf_add_str(b, "\"srm\"");
    if (crossovers) {
        json_add_comma(b);
        buf_add_str(b, "\"crossovers\"");
    }
    buf_add_str(b, "]}");
}

/* One metric's variants at one value of one dimension, each against the control. */
static void add_comparison(struct buf *b, const struct results *r, const struct results_metric *m,
                           const char *dimension, const char *value)
{
    struct results_arm control = {.status = STATS_SINGLE_ARM};
    if (r->control >= 0) {
        struct results_sums sums =
            results_sums_of(find_sums(r, m->id, r->variants[r->control].key, dimension, value));
        control = results_arm_of(m, &sums);
    }
    json_add_key(b, "variants");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->variant_count; i++) {
        struct results_sums sums =
            results_sums_of(find_sums(r, m->id, r->variants[i].key, dimension, value));
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
            results_add_cuped(b, m, &control, &arm, r->confidence);
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

static void add_member(struct buf *b, const char *key, const char *text)
{
    json_add_key(b, key);
    json_add_string(b, text);
}

static void add_metric(struct buf *b, const struct results *r, const struct results_metric *m)
{
    json_add_comma(b);
    buf_add_char(b, '{');
    add_member(b, "key", m->key);
    add_member(b, "name", m->name);
    add_member(b, "kind", m->kind);
    add_member(b, "role", m->role);
    add_member(b, "direction", m->direction);
    add_member(b, "unit", m->unit);
    add_member(b, "status", m->is_computed ? "ok" : "computing");
    add_comparison(b, r, m, "all", "");
    if (r->dimension[0])
        add_breakdown(b, r, m);
    buf_add_char(b, '}');
}

/* Among the rows of one day, which begin at 'from'. */
static const struct results_row *find_look(const struct results *r, size_t from, int metric,
                                           const char *variant)
{
    for (size_t i = from; i < r->look_count && strcmp(r->looks[i].day, r->looks[from].day) == 0;
         i++)
        if (r->looks[i].metric == metric && strcmp(r->looks[i].variant, variant) == 0)
            return &r->looks[i];
    return NULL;
}

static void add_look_metric(struct buf *b, const struct results *r, size_t from,
                            const struct results_metric *m)
{
    struct results_arm control = {.status = STATS_SINGLE_ARM};
    if (r->control >= 0) {
        struct results_sums sums =
            results_sums_of(find_look(r, from, m->id, r->variants[r->control].key));
        control = results_arm_of(m, &sums);
    }
    json_add_comma(b);
    buf_add_char(b, '{');
    add_member(b, "key", m->key);
    json_add_key(b, "variants");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->variant_count; i++) {
        struct results_sums sums = results_sums_of(find_look(r, from, m->id, r->variants[i].key));
        struct results_arm arm = results_arm_of(m, &sums);
        json_add_comma(b);
        buf_add_char(b, '{');
        add_member(b, "key", r->variants[i].key);
        json_add_key(b, "units");
        json_add_int(b, (int64_t)arm.sums.units);
        results_add_number(b, "value", arm.value);
        if (!r->variants[i].is_control) {
            struct results_effect effect = results_effect_of(m, &control, &arm, r->confidence);
            results_add_number(b, "difference", effect.frequentist.diff);
            results_add_interval(b, "interval", effect.frequentist.interval);
            results_add_interval(b, "uplift_interval", effect.frequentist.uplift_interval);
            results_add_number(b, "p", effect.frequentist.p_two_sided);
            results_add_number(b, "chance_to_win", effect.bayesian.chance_to_win);
        }
        buf_add_char(b, '}');
    }
    buf_add_str(b, "]}");
}

static void add_looks(struct buf *b, const struct results *r)
{
    json_add_key(b, "looks");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->look_count; i++) {
        if (i > 0 && strcmp(r->looks[i].day, r->looks[i - 1].day) == 0)
            continue;
        json_add_comma(b);
        buf_add_char(b, '{');
        add_member(b, "day", r->looks[i].day);
        add_member(b, "as_of", r->looks[i].as_of);
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
    add_member(b, "campaign", json_string_value(json_object_get(r->head, "key")));
    for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
        json_add_key(b, copied[i]);
        json_add_value(b, json_object_get(r->head, copied[i]));
    }
    add_member(b, "as_of", as_of);
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
    add_variants(b, r);
    add_health(b, r);
    json_add_key(b, "metrics");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->metric_count; i++)
        add_metric(b, r, &r->metrics[i]);
    buf_add_char(b, ']');
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
    if (!e)
        add_all(out, &r, as_of_us);
    return e;
}
