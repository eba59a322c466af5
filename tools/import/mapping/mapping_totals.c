// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/mapping/mapping_totals.h"

#include "base/json/json.h"
#include "base/text.h"
#include "tools/import/mapping/json_fields.h"
#include "tools/import/mapping/mapping_event.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct totals_outline {
    json_t *visitors, *daily_visitors, *sums;
};

static const struct json_field totals_fields[] = {
    {"visitors", JSON_FIELD_OBJECT, false, offsetof(struct totals_outline, visitors)},
    {"daily_visitors", JSON_FIELD_OBJECT, false, offsetof(struct totals_outline, daily_visitors)},
    {"sums", JSON_FIELD_ARRAY, true, offsetof(struct totals_outline, sums)},
};

struct sum_outline {
    const char *metric;
    json_t *sum, *squares;
};

static const struct json_field sum_fields[] = {
    {"metric", JSON_FIELD_STRING, true, offsetof(struct sum_outline, metric)},
    {"sum", JSON_FIELD_OBJECT, true, offsetof(struct sum_outline, sum)},
    {"squares", JSON_FIELD_OBJECT, false, offsetof(struct sum_outline, squares)},
};

static bool has_metric(const struct mapping *m, const char *key)
{
    for (size_t i = 0; i < json_array_size(m->metrics); i++)
        if (strcmp(json_text_at(json_array_get(m->metrics, i), "key"), key) == 0)
            return true;
    return false;
}

static bool has_total(const struct mapping *m, const char *key)
{
    for (size_t i = 0; i < m->total_count; i++)
        if (strcmp(m->totals[i].metric, key) == 0)
            return true;
    return false;
}

static enum err read_sum(const json_t *object, struct mapping *m, struct fault *fault)
{
    struct sum_outline o = {0};
    enum err e = json_fields_read(object, sum_fields, COUNT(sum_fields), "", &o, fault);
    if (e)
        return e;
    if (!has_metric(m, o.metric))
        return fault_set(fault, ERR_INVALID, "/metric", "\"%s\" is none of \"metrics\"", o.metric);
    if (has_total(m, o.metric))
        return fault_set(fault, ERR_INVALID, "/metric", "\"%s\" has a sum already", o.metric);
    struct mapping_total *to = &m->totals[m->total_count++];
    to->metric = o.metric;
    e = mapping_read_cell(o.sum, "/sum", &to->sum, fault);
    return e ? e : mapping_read_cell(o.squares, "/squares", &to->squares, fault);
}

static enum err read_sums(const json_t *array, struct mapping *m, struct fault *fault)
{
    if (json_array_size(array) > MAPPING_TOTALS)
        return fault_set(fault, ERR_INVALID, "/sums", "at most %d sums can be mapped",
                         MAPPING_TOTALS);
    for (size_t i = 0; i < json_array_size(array); i++) {
        enum err e = read_sum(json_array_get(array, i), m, fault);
        if (e) {
            fault_prefix_index(fault, i);
            fault_prefix(fault, "/sums");
            return e;
        }
    }
    for (size_t i = 0; i < json_array_size(m->metrics); i++) {
        const char *key = json_text_at(json_array_get(m->metrics, i), "key");
        if (!has_total(m, key))
            return fault_set(fault, ERR_INVALID, "/sums",
                             "the metric \"%s\" has no sum: of totals nothing else can be counted",
                             key);
    }
    return ERR_OK;
}

static enum err read_all(const json_t *object, struct mapping *m, struct fault *fault)
{
    struct totals_outline o = {0};
    enum err e = json_fields_read(object, totals_fields, COUNT(totals_fields), "", &o, fault);
    if (e)
        return e;
    if (!o.visitors == !o.daily_visitors)
        return fault_set(fault, ERR_INVALID, "",
                         "give either \"visitors\", who came for the first time that day, or "
                         "\"daily_visitors\", all who came");
    m->is_daily = o.daily_visitors != NULL;
    e = mapping_read_cell(m->is_daily ? o.daily_visitors : o.visitors,
                          m->is_daily ? "/daily_visitors" : "/visitors", &m->visitors, fault);
    return e ? e : read_sums(o.sums, m, fault);
}

enum err mapping_read_totals(const json_t *object, struct mapping *m, struct fault *ret_fault)
{
    enum err e = read_all(object, m, ret_fault);
    if (e) {
        fault_prefix(ret_fault, "/totals");
        return e;
    }
    return m->currency ? fault_set(ret_fault, ERR_INVALID, "/campaign/currency",
                                   "is not told with totals: they are in the environment's")
                       : ERR_OK;
}
