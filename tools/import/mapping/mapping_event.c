// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/mapping/mapping_event.h"

#include "base/json/json.h"
#include "tools/import/mapping/json_fields.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct json_field cell_fields[] = {
    {"column", JSON_FIELD_STRING, false, offsetof(struct mapping_cell, column)},
    {"constant", JSON_FIELD_STRING, false, offsetof(struct mapping_cell, constant)},
    {"decimal", JSON_FIELD_STRING, false, offsetof(struct mapping_cell, decimal)},
};

static const struct json_field time_fields[] = {
    {"column", JSON_FIELD_STRING, false, offsetof(struct mapping_time, cell.column)},
    {"constant", JSON_FIELD_STRING, false, offsetof(struct mapping_time, cell.constant)},
    {"format", JSON_FIELD_STRING, false, offsetof(struct mapping_time, format)},
};

static const struct json_field when_fields[] = {
    {"column", JSON_FIELD_STRING, true, offsetof(struct mapping_when, cell.column)},
    {"equals", JSON_FIELD_STRING, false, offsetof(struct mapping_when, equals)},
    {"above", JSON_FIELD_NUMBER, false, offsetof(struct mapping_when, above)},
    {"present", JSON_FIELD_FLAG, false, offsetof(struct mapping_when, is_present)},
    {"true", JSON_FIELD_FLAG, false, offsetof(struct mapping_when, is_true)},
    {"decimal", JSON_FIELD_STRING, false, offsetof(struct mapping_when, cell.decimal)},
};

static const struct json_field property_fields[] = {
    {"column", JSON_FIELD_STRING, false, offsetof(struct mapping_property, cell.column)},
    {"constant", JSON_FIELD_STRING, false, offsetof(struct mapping_property, cell.constant)},
    {"kind", JSON_FIELD_STRING, false, offsetof(struct mapping_property, kind)},
    {"decimal", JSON_FIELD_STRING, false, offsetof(struct mapping_property, cell.decimal)},
};

struct event_outline {
    const char *name;
    json_t *when, *time, *value, *transaction_id, *count, *properties;
};

static const struct json_field event_fields[] = {
    {"name", JSON_FIELD_STRING, true, offsetof(struct event_outline, name)},
    {"when", JSON_FIELD_OBJECT, false, offsetof(struct event_outline, when)},
    {"time", JSON_FIELD_OBJECT, false, offsetof(struct event_outline, time)},
    {"value", JSON_FIELD_OBJECT, false, offsetof(struct event_outline, value)},
    {"transaction_id", JSON_FIELD_OBJECT, false, offsetof(struct event_outline, transaction_id)},
    {"count", JSON_FIELD_OBJECT, false, offsetof(struct event_outline, count)},
    {"properties", JSON_FIELD_OBJECT, false, offsetof(struct event_outline, properties)},
};

/* Exactly one of column and constant; a decimal sign that is one. */
static enum err check_cell(const struct mapping_cell *cell, const char *pointer,
                           struct fault *ret_fault)
{
    if (!cell->column == !cell->constant)
        return fault_set(ret_fault, ERR_INVALID, pointer, "give either \"column\" or \"constant\"");
    if (cell->decimal && strcmp(cell->decimal, ".") != 0 && strcmp(cell->decimal, ",") != 0)
        return fault_set(ret_fault, ERR_INVALID, pointer, "\"decimal\" is \".\" or \",\"");
    return ERR_OK;
}

enum err mapping_read_cell(const json_t *object, const char *pointer, struct mapping_cell *to,
                           struct fault *ret_fault)
{
    if (!object)
        return ERR_OK;
    enum err e = json_fields_read(object, cell_fields, COUNT(cell_fields), pointer, to, ret_fault);
    return e ? e : check_cell(to, pointer, ret_fault);
}

enum err mapping_read_time(const json_t *object, const char *pointer, struct mapping_time *to,
                           struct fault *ret_fault)
{
    if (!object)
        return ERR_OK;
    enum err e = json_fields_read(object, time_fields, COUNT(time_fields), pointer, to, ret_fault);
    return e ? e : check_cell(&to->cell, pointer, ret_fault);
}

static enum err read_when(const json_t *object, struct mapping_when *to, struct fault *ret_fault)
{
    to->above = NAN;
    enum err e = json_fields_read(object, when_fields, COUNT(when_fields), "/when", to, ret_fault);
    if (e || !object)
        return e;
    if ((to->equals != NULL) + !isnan(to->above) + to->is_present + to->is_true != 1)
        return fault_set(ret_fault, ERR_INVALID, "/when",
                         "give one of \"equals\", \"above\", \"present\" and \"true\"");
    return check_cell(&to->cell, "/when", ret_fault);
}

static enum err read_property(const char *name, const json_t *value, struct mapping_property *to,
                              struct fault *ret_fault)
{
    static const char *const kinds[] = {"string", "number", "boolean"};
    char pointer[256] = "/properties";
    pointer_push(pointer, sizeof(pointer), name);
    to->name = name;
    enum err e =
        json_fields_read(value, property_fields, COUNT(property_fields), pointer, to, ret_fault);
    if (!e)
        e = check_cell(&to->cell, pointer, ret_fault);
    for (size_t i = 0; !e && to->kind && strcmp(to->kind, kinds[i]) != 0; i++)
        if (i + 1 == COUNT(kinds))
            e = fault_set(ret_fault, ERR_INVALID, pointer,
                          "\"kind\" is \"string\", \"number\" or \"boolean\"");
    return e;
}

static enum err read_properties(json_t *object, struct mapping_event *to, struct fault *ret_fault)
{
    const char *name;
    json_t *value;
    if (json_object_size(object) > MAPPING_PROPERTIES)
        return fault_set(ret_fault, ERR_INVALID, "/properties",
                         "at most %d properties can be mapped", MAPPING_PROPERTIES);
    json_object_foreach(object, name, value) {
        enum err e = read_property(name, value, &to->properties[to->property_count++], ret_fault);
        if (e)
            return e;
    }
    return ERR_OK;
}

static enum err read_event(const json_t *object, struct mapping_event *to, struct fault *ret_fault)
{
    struct event_outline o = {0};
    enum err e = json_fields_read(object, event_fields, COUNT(event_fields), "", &o, ret_fault);
    if (e)
        return e;
    to->name = o.name;
    if (strcmp(o.name, "exposure") == 0)
        return fault_set(ret_fault, ERR_INVALID, "/name",
                         "exposures are made of each row's variant, not mapped");
    e = read_when(o.when, &to->when, ret_fault);
    e = e ? e : mapping_read_time(o.time, "/time", &to->time, ret_fault);
    e = e ? e : mapping_read_cell(o.value, "/value", &to->value, ret_fault);
    e = e ? e
          : mapping_read_cell(o.transaction_id, "/transaction_id", &to->transaction_id, ret_fault);
    e = e ? e : mapping_read_cell(o.count, "/count", &to->count, ret_fault);
    return e ? e : read_properties(o.properties, to, ret_fault);
}

enum err mapping_read_events(const json_t *array, struct mapping *m, struct fault *ret_fault)
{
    if (json_array_size(array) > MAPPING_EVENTS)
        return fault_set(ret_fault, ERR_INVALID, "/events", "at most %d events can be mapped",
                         MAPPING_EVENTS);
    for (size_t i = 0; i < json_array_size(array); i++) {
        enum err e = read_event(json_array_get(array, i), &m->events[m->event_count++], ret_fault);
        if (e) {
            fault_prefix_index(ret_fault, i);
            fault_prefix(ret_fault, "/events");
            return e;
        }
    }
    return ERR_OK;
}
