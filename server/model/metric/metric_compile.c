// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metric/metric.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "model/currency.h"
#include "model/metric/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_SCALE 1000000

/* Which fields go with which kind: '+' required, '?' allowed, '-' refused. */
static const struct kind {
    const char *name;
    const char *rules; /* one for each of 'ruled' */
    bool has_denominator;
} kind_rules[] = {
    {"conversion", "+-?----", false}, {"count", "+-?--?-", false}, {"sum", "++?--??", false},
    {"mean", "++?--??", true},        {"ratio", "---++-?", true},
};
static const char *const ruled[] = {"event",       "value", "filter", "numerator",
                                    "denominator", "cap",   "unit"};

static const struct kind *kind_of(const json_t *document)
{
    const char *name = json_string_value(json_object_get(document, "kind"));
    for (size_t i = 0; i < sizeof(kind_rules) / sizeof(kind_rules[0]); i++)
        if (strcmp(kind_rules[i].name, name) == 0)
            return &kind_rules[i];
    mem_die("a metric of unknown kind");
}

static enum err check_rules(const struct kind *kind, const json_t *document, struct fault *fault)
{
    for (size_t i = 0; i < sizeof(ruled) / sizeof(ruled[0]); i++) {
        bool is_there = !json_is_null(json_object_get(document, ruled[i]));
        char pointer[64];
        snprintf(pointer, sizeof(pointer), "/%s", ruled[i]);
        if (is_there && kind->rules[i] == '-')
            return fault_set(fault, ERR_INVALID, pointer, "does not go with the kind %s",
                             kind->name);
        if (!is_there && kind->rules[i] == '+')
            return fault_set(fault, ERR_INVALID, pointer, "is required for the kind %s",
                             kind->name);
    }
    return ERR_OK;
}

/* {"event", "value", "filter"} from the same fields of 'from'. */
static json_t *term(const json_t *from, bool has_value)
{
    auto_buf struct buf path = {0};
    struct fault fault;
    const json_t *filter = json_object_get(from, "filter");
    must(json_is_null(filter) || filter_to_jsonpath(filter, &path, &fault) == ERR_OK);
    json_t *out = json_pack("{s:s, s:s?, s:s?}", "event", json_text_at(from, "event"), "value",
                            has_value ? json_text_at(from, "value") : NULL, "filter", path.data);
    must(out);
    return out;
}

static bool is_money_path(const json_t *from)
{
    const char *path = json_text_at(from, "value");
    return path && strcmp(path, "value") == 0;
}

static bool is_money(const json_t *document)
{
    const char *unit = json_text_at(document, "unit");
    const json_t *above = json_object_get(document, "numerator");
    const json_t *below = json_object_get(document, "denominator");
    if (unit)
        return strcmp(unit, "money") == 0;
    if (json_is_null(above))
        return is_money_path(document);
    return is_money_path(above) && !json_text_at(below, "value");
}

static int64_t scale_of(const json_t *document, const char *currency, bool is_money)
{
    const json_t *above = json_object_get(document, "numerator");
    const json_t *below = json_object_get(document, "denominator");
    bool has_value = json_text_at(document, "value") || json_text_at(above, "value") ||
                     json_text_at(below, "value");
    if (!has_value)
        return 1;
    int digits = is_money ? currency_digits(currency) : 0;
    must(digits >= 0);
    return is_money ? (int64_t)pow(10, digits) : NUMBER_SCALE;
}

static json_t *cap_of(const json_t *document, int64_t scale)
{
    const json_t *cap = json_object_get(document, "cap");
    return json_is_null(cap) ? json_null()
                             : json_integer(llround(json_number_value(cap) * (double)scale));
}

static enum err check_cap(const json_t *document, int64_t scale, struct fault *fault)
{
    const json_t *cap = json_object_get(document, "cap");
    if (json_is_null(cap) || json_number_value(cap) * (double)scale >= 1)
        return ERR_OK;
    return fault_set(fault, ERR_INVALID, "/cap", "must be at least %.6g", 1 / (double)scale);
}

static json_t *denominator_of(const struct kind *kind, const json_t *document)
{
    const json_t *below = json_object_get(document, "denominator");
    if (!kind->has_denominator)
        return json_null();
    return json_is_null(below) ? term(document, false) : term(below, true);
}

enum err metric_compile(const json_t *document, const char *currency, json_t **ret_definition,
                        struct fault *ret_fault)
{
    const struct kind *kind = kind_of(document);
    enum err e = check_rules(kind, document, ret_fault);
    if (e)
        return e;
    const json_t *above = json_object_get(document, "numerator");
    bool has_money = is_money(document);
    if (has_money && !json_text_at(document, "value") && !json_text_at(above, "value"))
        return fault_set(ret_fault, ERR_INVALID, "/unit", "there is no value that could be money");
    int64_t scale = scale_of(document, currency, has_money);
    e = check_cap(document, scale, ret_fault);
    if (e)
        return e;
    *ret_definition = json_pack(
        "{s:s, s:o, s:o, s:O, s:o, s:I, s:b}", "kind", kind->name, "numerator",
        json_is_null(above) ? term(document, true) : term(above, true), "denominator",
        denominator_of(kind, document), "window_hours", json_object_get(document, "window_hours"),
        "cap", cap_of(document, scale), "scale", (json_int_t)scale, "is_money", has_money);
    must(*ret_definition);
    return ERR_OK;
}
