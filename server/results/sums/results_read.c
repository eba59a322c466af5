// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/sums/results_read.h"
#include "base/json/json.h"
#include "model/campaign/campaign_statistics.h"
#include "results/sums/results_find.h"

#include <string.h>

static const char *text_of(struct results *r, const json_t *object, const char *key,
                           const char *fallback)
{
    const char *text = json_string_value(json_object_get(object, key));
    return arena_strdup(r->arena, text ? text : fallback);
}

/* The baseline takes the control's place in all that follows. */
static enum err take_baseline(const struct results *r, struct results_variant *variants,
                              struct fault *fault)
{
    bool is_there = false;
    if (!r->baseline[0])
        return ERR_OK;
    for (size_t i = 0; i < r->variant_count; i++) {
        variants[i].is_control = strcmp(variants[i].key, r->baseline) == 0;
        is_there |= variants[i].is_control;
    }
    return is_there ? ERR_OK
                    : fault_set(fault, ERR_INVALID, "", "baseline: the phase has no variant %s",
                                r->baseline);
}

static enum err read_variants(struct results *r, const json_t *list, const json_t *coverage,
                              struct fault *fault)
{
    struct results_variant *variants =
        results_read_variants(r->arena, list, coverage, &r->variant_count);
    enum err e = take_baseline(r, variants, fault);
    r->variants = variants;
    r->control = -1;
    for (size_t i = 0; i < r->variant_count; i++)
        if (variants[i].is_control)
            r->control = (int)i;
    return e;
}

/* A tree as text; NULL stays NULL. */
static const char *render(struct arena *arena, const json_t *value)
{
    auto_buf struct buf text = {0};
    if (!value)
        return NULL;
    json_add_value(&text, value);
    return arena_strndup(arena, text.data, text.length);
}

static bool is_warned(const json_t *of)
{
    size_t i;
    json_t *warning;
    json_array_foreach(json_object_get(of, "warnings"), i, warning) {
        if (json_is_string(warning) && strcmp(json_string_value(warning), "outlier") == 0)
            return true;
    }
    return false;
}

/* The largest one where several variants are warned of. */
static struct results_outlier read_outlier(const json_t *distribution)
{
    struct results_outlier found = {.variant = NULL};
    size_t i;
    json_t *variant;
    json_array_foreach(json_object_get(distribution, "variants"), i, variant) {
        double largest = json_number_value(json_object_get(variant, "largest"));
        const char *key = json_string_value(json_object_get(variant, "key"));
        if (!key || !is_warned(variant) || (found.variant && !(largest > found.largest)))
            continue;
        found = (struct results_outlier){
            key, largest, json_number_value(json_object_get(variant, "largest_share"))};
    }
    return found;
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

static enum metric_role role_of(const char *role)
{
    if (strcmp(role, "primary") == 0)
        return METRIC_ROLE_PRIMARY;
    return strcmp(role, "guardrail") == 0 ? METRIC_ROLE_GUARDRAIL : METRIC_ROLE_SECONDARY;
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
    m->role = role_of(text_of(r, row, "role", "secondary"));
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
    m->distribution = render(r->arena, json_object_get(row, "distribution"));
    m->outlier = read_outlier(json_object_get(row, "distribution"));
    m->is_repeated = r->is_repeated;
    m->invalid_events = (uint64_t)json_integer_value(json_object_get(row, "invalid"));
    m->unrated_events = (uint64_t)json_integer_value(json_object_get(row, "unrated"));
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

static void read_rules(struct results *r, const json_t *s)
{
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

static void read_phases(struct results *r, const json_t *list)
{
    struct results_phase *phases =
        arena_zalloc(r->arena, (json_array_size(list) + 1) * sizeof(*phases));
    size_t i;
    json_t *row;
    json_array_foreach(list, i, row) {
        phases[i] = (struct results_phase){
            .number = json_integer_value(json_object_get(row, "number")),
            .started_at = json_string_value(json_object_get(row, "started_at")),
            .ended_at = json_string_value(json_object_get(row, "ended_at")),
        };
    }
    r->head.phases = phases;
    r->head.phase_count = json_array_size(list);
}

static struct results_overflow read_overflow(struct arena *arena, const json_t *overflow)
{
    const json_t *list = json_object_get(overflow, "examples");
    const char **examples = arena_zalloc(arena, (json_array_size(list) + 1) * sizeof(*examples));
    size_t i;
    json_t *id;
    json_array_foreach(list, i, id)
        examples[i] = json_string_value(id);
    return (struct results_overflow){
        .units = (uint64_t)json_integer_value(json_object_get(overflow, "units")),
        .examples = examples,
        .example_count = json_array_size(list),
    };
}

#define WEEK_DAYS  7
#define MONTH_DAYS (365.0 / 12)

/* Of less than a week no month is made: a weekend is not like a working day. */
static struct results_traffic read_traffic(const json_t *row)
{
    struct results_traffic t = {
        .units = json_number_value(json_object_get(row, "units")),
        .days = json_number_value(json_object_get(row, "days")),
    };
    if (t.days >= WEEK_DAYS)
        t.month_units = stats_known(t.units / t.days * MONTH_DAYS);
    return t;
}

static void read_head(struct results *r, const json_t *head)
{
    auto_json json_t *statistics = statistics_of(head);
    r->head = (struct results_head){
        .campaign = text_of(r, head, "key", ""),
        .name = json_string_value(json_object_get(head, "name")),
        .kind = text_of(r, head, "kind", ""),
        .status = text_of(r, head, "status", ""),
        .phase = {.number = json_integer_value(json_object_get(head, "phase")),
                  .started_at = json_string_value(json_object_get(head, "started_at")),
                  .ended_at = json_string_value(json_object_get(head, "ended_at"))},
        .currency = text_of(r, head, "currency", ""),
        .time_zone = text_of(r, head, "time_zone", ""),
        .confidence = json_number_value(json_object_get(head, "confidence")),
        .statistics = render(r->arena, statistics),
        .backlog = json_integer_value(json_object_get(head, "backlog")),
        .is_settled = json_is_true(json_object_get(head, "is_settled")),
        .due_days = json_integer_value(json_object_get(head, "due_days")),
        .is_quiet = json_is_true(json_object_get(head, "is_quiet")),
        .schedule_start = json_string_value(json_object_get(head, "schedule_start")),
        .schedule_end = json_string_value(json_object_get(head, "schedule_end")),
        .is_partial = json_is_true(json_object_get(head, "is_partial")),
        .totals = json_string_value(json_object_get(head, "totals")),
    };
    read_phases(r, json_object_get(head, "phases"));
    read_rules(r, statistics);
    r->is_repeated = is_word(head, "totals", "daily");
    if (r->head.totals)
        r->rules.pre_period_days = 0;
    r->is_over = r->head.phase.ended_at || is_word(head, "status", "stopped") ||
                 is_word(head, "status", "archived");
    r->overlap = results_read_overlap(r->arena, json_object_get(head, "overlap"));
    r->overflow = read_overflow(r->arena, json_object_get(head, "overflow"));
    r->excluded_units = (uint64_t)json_integer_value(json_object_get(head, "excluded_units"));
    r->traffic = read_traffic(json_object_get(head, "traffic"));
    r->since_exposure = results_read_since(r->arena, json_object_get(head, "since_exposure"));
    r->exposed =
        results_read_exposures(r->arena, json_object_get(head, "exposures"), &r->exposed_count);
}

static void read_metrics(struct results *r, const json_t *rows)
{
    struct results_metric *list =
        arena_zalloc(r->arena, (json_array_size(rows) + 1) * sizeof(*list));
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        read_metric(r, &list[i], row);
    r->metrics = list;
    r->metric_count = json_array_size(rows);
}

/* Of totals nothing is known from before. */
static void take_sums(struct results *r, const struct results_rows *sums)
{
    for (size_t i = 0; r->head.totals && i < sums->count; i++)
        sums->rows[i].sums.pre = (struct results_pre_sums){0};
    r->sums = sums->rows;
    r->sum_count = sums->count;
}

enum err results_read(struct results *r, const struct results_columns *columns,
                      struct fault *ret_fault)
{
    const json_t *head = columns->head, *variants = json_object_get(head, "variants");
    if (!json_is_array(variants))
        return fault_set(ret_fault, ERR_NOT_FOUND, "", "the campaign has no phase %lld",
                         (long long)json_integer_value(json_object_get(head, "phase")));
    read_head(r, head);
    enum err e = read_variants(r, variants, json_object_get(head, "coverage"), ret_fault);
    if (e)
        return e;
    read_metrics(r, columns->metrics);
    r->experience = "";
    take_sums(r, &columns->sums);
    r->looks = columns->looks.rows;
    r->look_count = columns->looks.count;
    results_find_init(r);
    return ERR_OK;
}
