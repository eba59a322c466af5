// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/mapping/mapping.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/import/mapping/json_fields.h"
#include "tools/import/mapping/mapping_event.h"
#include "tools/import/mapping/mapping_totals.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *const mapping_dimension_names[MAPPING_DIMENSIONS] = {"device", "country",
                                                                 "visitor_type"};

/* The document, one level deep. */
struct outline {
    json_t *campaign, *visitor, *variant, *time, *dimensions, *events, *metrics, *weights, *totals;
};

static const struct json_field outline_fields[] = {
    {"campaign", JSON_FIELD_OBJECT, true, offsetof(struct outline, campaign)},
    {"visitor", JSON_FIELD_OBJECT, true, offsetof(struct outline, visitor)},
    {"variant", JSON_FIELD_OBJECT, true, offsetof(struct outline, variant)},
    {"time", JSON_FIELD_OBJECT, true, offsetof(struct outline, time)},
    {"dimensions", JSON_FIELD_OBJECT, false, offsetof(struct outline, dimensions)},
    {"events", JSON_FIELD_ARRAY, true, offsetof(struct outline, events)},
    {"metrics", JSON_FIELD_ARRAY, false, offsetof(struct outline, metrics)},
    {"weights", JSON_FIELD_OBJECT, false, offsetof(struct outline, weights)},
};

/* Of a file of totals. */
static const struct json_field totals_fields[] = {
    {"campaign", JSON_FIELD_OBJECT, true, offsetof(struct outline, campaign)},
    {"variant", JSON_FIELD_OBJECT, true, offsetof(struct outline, variant)},
    {"time", JSON_FIELD_OBJECT, true, offsetof(struct outline, time)},
    {"totals", JSON_FIELD_OBJECT, true, offsetof(struct outline, totals)},
    {"metrics", JSON_FIELD_ARRAY, true, offsetof(struct outline, metrics)},
    {"weights", JSON_FIELD_OBJECT, false, offsetof(struct outline, weights)},
};

static const struct json_field campaign_fields[] = {
    {"key", JSON_FIELD_STRING, true, offsetof(struct mapping, campaign_key)},
    {"name", JSON_FIELD_STRING, false, offsetof(struct mapping, campaign_name)},
    {"description", JSON_FIELD_STRING, false, offsetof(struct mapping, description)},
    {"control", JSON_FIELD_STRING, true, offsetof(struct mapping, control)},
    {"currency", JSON_FIELD_STRING, false, offsetof(struct mapping, currency)},
};

static const struct json_field visitor_fields[] = {
    {"column", JSON_FIELD_STRING, false, offsetof(struct mapping, visitor.column)},
    {"row_number", JSON_FIELD_FLAG, false, offsetof(struct mapping, is_row_number)},
    {"prefix", JSON_FIELD_STRING, false, offsetof(struct mapping, visitor_prefix)},
};

struct variant_outline {
    const char *column;
    json_t *map;
};

static const struct json_field variant_fields[] = {
    {"column", JSON_FIELD_STRING, true, offsetof(struct variant_outline, column)},
    {"map", JSON_FIELD_OBJECT, false, offsetof(struct variant_outline, map)},
};

static enum err read_dimensions(const json_t *object, struct mapping *m, struct fault *fault)
{
    json_t *cells[MAPPING_DIMENSIONS] = {0};
    struct json_field fields[MAPPING_DIMENSIONS];
    for (size_t i = 0; i < MAPPING_DIMENSIONS; i++)
        fields[i] = (struct json_field){mapping_dimension_names[i], JSON_FIELD_OBJECT, false,
                                        i * sizeof(cells[0])};
    enum err e = json_fields_read(object, fields, COUNT(fields), "/dimensions", cells, fault);
    for (size_t i = 0; !e && i < MAPPING_DIMENSIONS; i++) {
        char pointer[64] = "/dimensions";
        pointer_push(pointer, sizeof(pointer), mapping_dimension_names[i]);
        e = mapping_read_cell(cells[i], pointer, &m->dimensions[i], fault);
    }
    return e;
}

static enum err read_visitor(const json_t *object, struct mapping *m, struct fault *fault)
{
    enum err e =
        json_fields_read(object, visitor_fields, COUNT(visitor_fields), "/visitor", m, fault);
    if (!e && !m->visitor.column == !m->is_row_number)
        e = fault_set(fault, ERR_INVALID, "/visitor",
                      "give either \"column\" or \"row_number\": true");
    return e;
}

const char *mapping_slug(struct arena *arena, const char *text)
{
    char key[65];
    size_t n = 0;
    for (const char *c = text; *c && n < sizeof(key) - 1; c++) {
        bool is_upper = *c >= 'A' && *c <= 'Z';
        char lower = is_upper ? (char)(*c - 'A' + 'a') : *c;
        bool is_plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (is_plain || (lower == '_' && n > 0))
            key[n++] = lower;
        else if (n > 0 && key[n - 1] != '-')
            key[n++] = '-';
    }
    while (n > 0 && key[n - 1] == '-')
        n--;
    return n ? arena_strndup(arena, key, n) : NULL;
}

enum err mapping_add_variant(struct mapping *m, const char *text, const char *wanted,
                             struct fault *ret_fault)
{
    const char *key = text_is_key(wanted) ? wanted : mapping_slug(m->arena, wanted);
    if (!key)
        return fault_set(ret_fault, ERR_INVALID, "/variant/map",
                         "no key can be made of \"%s\": keys are a-z, 0-9, _ and -", wanted);
    if (m->variant_count == MAPPING_VARIANTS)
        return fault_set(ret_fault, ERR_INVALID, "/variant", "there are more than %d variants",
                         MAPPING_VARIANTS);
    for (size_t i = 0; !m->has_map && i < m->variant_count; i++)
        if (strcmp(m->variants[i].key, key) == 0)
            return fault_set(ret_fault, ERR_INVALID, "/variant",
                             "\"%s\" and \"%s\" would both become \"%s\": give a \"map\"",
                             m->variants[i].text, text, key);
    m->variants[m->variant_count++] = (struct mapping_variant){.text = text, .key = key};
    return ERR_OK;
}

static enum err read_map(const json_t *map, struct mapping *m, struct fault *fault)
{
    const char *text;
    json_t *value;
    m->has_map = true;
    json_object_foreach((json_t *)(uintptr_t)map, text, value) {
        enum err e = ERR_OK;
        if (json_is_string(value))
            e = mapping_add_variant(m, text, json_string_value(value), fault);
        else if (!json_is_null(value))
            e = fault_set(fault, ERR_INVALID, "/variant/map",
                          "\"%s\" must map to a variant's key, or to null to leave its rows out",
                          text);
        else if (m->variant_count < MAPPING_VARIANTS)
            m->variants[m->variant_count++] = (struct mapping_variant){.text = text};
        if (e)
            return e;
    }
    return ERR_OK;
}

static enum err read_variant(const json_t *object, struct mapping *m, struct fault *fault)
{
    struct variant_outline o = {0};
    enum err e =
        json_fields_read(object, variant_fields, COUNT(variant_fields), "/variant", &o, fault);
    m->variant.column = o.column;
    return e || !o.map ? e : read_map(o.map, m, fault);
}

static enum err check_metrics(const json_t *metrics, struct fault *fault)
{
    for (size_t i = 0; i < json_array_size(metrics); i++) {
        const char *key = json_string_value(json_object_get(json_array_get(metrics, i), "key"));
        char pointer[32] = "/metrics";
        pointer_push_index(pointer, sizeof(pointer), i);
        if (!key || !text_is_key(key))
            return fault_set(fault, ERR_INVALID, pointer,
                             "a metric needs a \"key\" of a-z, 0-9, _, -");
    }
    return ERR_OK;
}

static enum err read_outline(const json_t *document, struct outline *o, struct fault *fault)
{
    return json_object_get(document, "totals")
               ? json_fields_read(document, totals_fields, COUNT(totals_fields), "", o, fault)
               : json_fields_read(document, outline_fields, COUNT(outline_fields), "", o, fault);
}

/* What the rows are of. */
static enum err read_rows(const struct outline *o, struct mapping *m, struct fault *fault)
{
    m->has_totals = o->totals != NULL;
    if (m->has_totals)
        return mapping_read_totals(o->totals, m, fault);
    enum err e = read_visitor(o->visitor, m, fault);
    e = e ? e : read_dimensions(o->dimensions, m, fault);
    return e ? e : mapping_read_events(o->events, m, fault);
}

static enum err read_document(struct mapping *m, struct fault *fault)
{
    struct outline o = {0};
    enum err e = read_outline(m->document, &o, fault);
    if (e)
        return e;
    e = json_fields_read(o.campaign, campaign_fields, COUNT(campaign_fields), "/campaign", m,
                         fault);
    if (!e && !text_is_key(m->campaign_key))
        e = fault_set(fault, ERR_INVALID, "/campaign/key", "\"%s\" is not a key: a-z, 0-9, _ and -",
                      m->campaign_key);
    m->metrics = o.metrics;
    m->weights = o.weights;
    e = e ? e : check_metrics(m->metrics, fault);
    e = e ? e : read_variant(o.variant, m, fault);
    e = e ? e : mapping_read_time(o.time, "/time", &m->time, fault);
    return e ? e : read_rows(&o, m, fault);
}

struct mapping *mapping_read(char *text, size_t length, struct fault *ret_fault)
{
    static const struct json_limits limits = {.bytes = 1 << 20, .depth = 16, .nodes = 10000};
    struct mapping *m = mem_zalloc(sizeof(*m));
    m->arena = arena_new(0);
    m->document = json_parse(text, length, &limits, NULL, ret_fault);
    if (m->document && read_document(m, ret_fault) == ERR_OK)
        return m;
    mapping_free(m);
    return NULL;
}

void mapping_free(struct mapping *m)
{
    if (!m)
        return;
    json_decref(m->document);
    arena_free(m->arena);
    mem_free(m);
}
