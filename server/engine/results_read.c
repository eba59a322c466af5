// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/results_phase.h"
#include "model/campaign_statistics.h"

#include <string.h>

static const char *text_of(struct results *r, const json_t *object, const char *key,
                           const char *fallback)
{
    const char *text = json_string_value(json_object_get(object, key));
    return arena_strdup(r->arena, text ? text : fallback);
}

static void read_variants(struct results *r, const json_t *list)
{
    size_t count = json_array_size(list), i;
    json_t *row;
    struct results_variant *variants = arena_zalloc(r->arena, count * sizeof(*variants));
    r->control = -1;
    json_array_foreach(list, i, row)
    {
        variants[i] = (struct results_variant){
            .key = text_of(r, row, "key", ""),
            .weight = json_number_value(json_object_get(row, "weight")),
            .is_control = json_is_true(json_object_get(row, "is_control")),
        };
        if (variants[i].is_control)
            r->control = (int)i;
    }
    r->variants = variants;
    r->variant_count = count;
}

static enum results_method method_of(const char *kind)
{
    if (strcmp(kind, "conversion") == 0)
        return METHOD_PROPORTION;
    return strcmp(kind, "mean") == 0 || strcmp(kind, "ratio") == 0 ? METHOD_RATIO : METHOD_MEAN;
}

/* A part with a path sums values in fixed point; without one it counts events. */
static double unit_of(const json_t *part, double scale)
{
    return json_is_string(json_object_get(part, "value")) ? 1 / scale : 1;
}

static enum results_role place_of(const char *role)
{
    if (strcmp(role, "primary") == 0)
        return ROLE_GOAL;
    return strcmp(role, "guardrail") == 0 ? ROLE_GUARDRAIL : ROLE_SECONDARY;
}

static void read_metric(struct results *r, struct results_metric *m, const json_t *row)
{
    const json_t *document = json_object_get(row, "document"),
                 *definition = json_object_get(row, "definition");
    const json_t *scale = json_object_get(definition, "scale");
    m->id = (int)json_integer_value(json_object_get(row, "id"));
    m->key = text_of(r, row, "key", "");
    m->name = text_of(r, document, "name", m->key);
    m->kind = text_of(r, definition, "kind", "conversion");
    m->role = text_of(r, row, "role", "secondary");
    m->place = place_of(m->role);
    m->margin = json_number_value(json_object_get(row, "margin"));
    m->direction = text_of(r, document, "direction", "up");
    m->unit = json_is_true(json_object_get(definition, "is_money")) ? "money" : "number";
    m->method = method_of(m->kind);
    m->scale = scale ? (int64_t)json_number_value(scale) : 1;
    m->unit_n = unit_of(json_object_get(definition, "numerator"), (double)m->scale);
    m->unit_d = strcmp(m->kind, "mean") == 0
                    ? 1
                    : unit_of(json_object_get(definition, "denominator"), (double)m->scale);
    m->is_computed = json_is_true(json_object_get(row, "is_computed"));
    m->distribution = json_object_get(row, "distribution");
    if (!m->distribution)
        m->distribution = json_null();
}

static bool is_word(const json_t *object, const char *key, const char *word)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && strcmp(text, word) == 0;
}

/* A phase that keeps no rules is judged by the initial ones. */
static json_t *statistics_of(const json_t *head)
{
    const json_t *kept = json_object_get(head, "statistics");
    return json_is_object(kept) ? json_deep_copy(kept) : campaign_statistics_fix(head);
}

static void read_rules(struct results *r)
{
    const json_t *s = r->statistics;
    double confidence = json_number_value(json_object_get(s, "confidence"));
    bool is_false_discovery = is_word(s, "multiplicity", "benjamini_hochberg");
    r->rules = (struct results_rules){
        .method = is_word(s, "method", "fixed")              ? JUDGE_FIXED
                  : is_word(s, "method", "group_sequential") ? JUDGE_GROUP
                                                             : JUDGE_ALWAYS_VALID,
        .planned_units = json_number_value(json_object_get(s, "planned_units")),
        .tuned_units = json_number_value(json_object_get(s, "tuned_units")),
        .minimum_uplift = json_number_value(json_object_get(s, "minimum_uplift")),
        .alpha = 1 - confidence,
        .looks = (int)json_integer_value(json_object_get(s, "looks")),
        .pre_period_days = campaign_statistics_pre_period(s),
        .spending = is_word(s, "spending", "pocock") ? STATS_SPEND_POCOCK : STATS_SPEND_OBF,
        .adjustment = is_false_discovery ? STATS_BH : STATS_HOLM,
        .is_adjusted = !is_word(s, "multiplicity", "none"),
        .is_by_metric = is_word(s, "multiplicity_scope", "metric"),
        .multiplicity = text_of(r, s, "multiplicity", "holm"),
    };
}

enum err results_read(struct results *r, const json_t *head, const json_t *metrics,
                      struct fault *ret_fault)
{
    const json_t *variants = json_object_get(head, "variants");
    if (!json_is_array(variants))
        return fault_set(ret_fault, ERR_NOT_FOUND, "", "the campaign has no phase %lld",
                         (long long)json_integer_value(json_object_get(head, "phase")));
    r->head = head;
    r->confidence = json_number_value(json_object_get(head, "confidence"));
    r->statistics = statistics_of(head);
    read_rules(r);
    r->is_over = json_is_string(json_object_get(head, "ended_at")) ||
                 is_word(head, "status", "stopped") || is_word(head, "status", "archived");
    read_variants(r, variants);
    struct results_metric *list = arena_zalloc(r->arena, json_array_size(metrics) * sizeof(*list));
    size_t i;
    json_t *row;
    json_array_foreach(metrics, i, row) read_metric(r, &list[i], row);
    r->metrics = list;
    r->metric_count = json_array_size(metrics);
    return ERR_OK;
}

static const char *member(const json_t *row, const char *key, const char *fallback)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : fallback;
}

static struct results_pre_sums read_pre_sums(const json_t *row)
{
    return (struct results_pre_sums){
        .x = member(row, "x", "0"),
        .y = member(row, "y", "0"),
        .xx = member(row, "xx", "0"),
        .xy = member(row, "xy", "0"),
        .yy = member(row, "yy", "0"),
        .nx = member(row, "nx", "0"),
        .ny = member(row, "ny", "0"),
        .dx = member(row, "dx", "0"),
        .dy = member(row, "dy", "0"),
        .m = member(row, "missing", "0"),
        .nm = member(row, "nm", "0"),
        .dm = member(row, "dm", "0"),
    };
}

struct results_sums results_read_sums(const json_t *row)
{
    return (struct results_sums){
        .units = (uint64_t)json_integer_value(json_object_get(row, "units")),
        .crossovers = (uint64_t)json_integer_value(json_object_get(row, "crossovers")),
        .n = member(row, "n", "0"),
        .d = member(row, "d", "0"),
        .nn = member(row, "nn", "0"),
        .nd = member(row, "nd", "0"),
        .dd = member(row, "dd", "0"),
        .nnn = member(row, "nnn", "0"),
        .pre = read_pre_sums(row),
    };
}

const struct results_row *results_read_rows(struct results *r, const json_t *list,
                                            size_t *ret_count)
{
    size_t i;
    json_t *row;
    struct results_row *rows = arena_zalloc(r->arena, json_array_size(list) * sizeof(*rows));
    json_array_foreach(list, i, row)
    {
        rows[i] = (struct results_row){
            .metric = (int)json_integer_value(json_object_get(row, "metric")),
            .variant = member(row, "variant", ""),
            .dimension = member(row, "dimension", ""),
            .value = member(row, "value", ""),
            .day = member(row, "day", ""),
            .as_of = member(row, "as_of", ""),
            .sums = results_read_sums(row),
        };
    }
    *ret_count = json_array_size(list);
    return rows;
}

struct results_sums results_sums_of(const struct results_row *row)
{
    static const char none[] = "0";
    static const struct results_sums nobody = {
        .n = none,
        .d = none,
        .nn = none,
        .nd = none,
        .dd = none,
        .nnn = none,
        .pre = {none, none, none, none, none, none, none, none, none, none, none, none}};
    return row ? row->sums : nobody;
}
