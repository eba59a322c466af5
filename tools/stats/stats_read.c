// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include "base/json/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum err wrong(struct fault *fault, const char *pointer, const char *sentence)
{
    return fault_set(fault, ERR_INVALID, pointer, "%s", sentence);
}

static enum err check_number(enum stats_in kind, double value, struct fault *fault)
{
    if (!isfinite(value))
        return wrong(fault, "", "must be a finite number");
    if (kind == STATS_IN_POSITIVE && !(value > 0))
        return wrong(fault, "", "must be above 0");
    if (kind == STATS_IN_NOT_NEGATIVE && value < 0)
        return wrong(fault, "", "must not be negative");
    if (kind == STATS_IN_LEVEL && !(value > 0 && value < 1))
        return wrong(fault, "", "must lie between 0 and 1");
    if (kind == STATS_IN_COUNT && !(value >= 0 && value <= 0x1p53 && value == floor(value)))
        return wrong(fault, "", "must be a whole number from 0 to 2^53");
    return ERR_OK;
}

static enum err read_number(const struct stats_in_field *field, const json_t *value, void *to,
                            struct fault *fault)
{
    if (!json_is_number(value))
        return fault_set(fault, ERR_INVALID, "", "must be a number, not %s", json_kind_name(value));
    double number = json_number_value(value);
    enum err err = check_number(field->kind, number, fault);
    if (err)
        return err;
    if (field->kind == STATS_IN_COUNT)
        *(uint64_t *)to = (uint64_t)number;
    else
        *(double *)to = number;
    return ERR_OK;
}

static enum err read_nullable(const json_t *value, struct stats_number *to, struct fault *fault)
{
    if (json_is_null(value))
        return ERR_OK;
    if (!json_is_number(value) || !isfinite(json_number_value(value)))
        return wrong(fault, "", "must be a number or null");
    *to = stats_known(json_number_value(value));
    return ERR_OK;
}

static enum err read_word(const struct stats_in_field *field, const json_t *value, int *to,
                          struct fault *fault)
{
    const char *word = json_string_value(value);
    for (int i = 0; word && field->words[i]; i++) {
        if (strcmp(field->words[i], word) == 0) {
            *to = i;
            return ERR_OK;
        }
    }
    return wrong(fault, "", "must be one of the words this field knows");
}

/* A number, or a decimal in a string. */
static enum err read_leaf(const json_t *value, struct arena *arena, struct stats_list *to,
                          struct fault *fault)
{
    to->value = json_number_value(value);
    if (json_is_string(value)) {
        char *end;
        to->text = arena_strdup(arena, json_string_value(value));
        to->value = strtod(to->text, &end);
        if (end == to->text || *end != '\0')
            return wrong(fault, "", "must be a decimal number");
    } else if (!json_is_number(value)) {
        return fault_set(fault, ERR_INVALID, "", "must be a number, not %s", json_kind_name(value));
    }
    return isfinite(to->value) ? ERR_OK : wrong(fault, "", "must be a finite number");
}

static enum err read_list(const json_t *value, int depth, struct arena *arena,
                          struct stats_list *to, struct fault *fault)
{
    if (depth == 0)
        return read_leaf(value, arena, to, fault);
    if (!json_is_array(value))
        return fault_set(fault, ERR_INVALID, "", "must be a list, not %s", json_kind_name(value));
    to->count = json_array_size(value);
    to->item = arena_zalloc(arena, (to->count + 1) * sizeof(*to->item));
    for (size_t i = 0; i < to->count; i++) {
        enum err err = read_list(json_array_get(value, i), depth - 1, arena, &to->item[i], fault);
        if (err) {
            fault_prefix_index(fault, i);
            return err;
        }
    }
    return ERR_OK;
}

/* A flat list in which null marks what is unknown. */
static enum err read_nullable_list(const json_t *value, struct arena *arena, struct stats_list *to,
                                   struct fault *fault)
{
    auto_json json_t *filled = json_copy((json_t *)(uintptr_t)value);
    for (size_t i = 0; i < json_array_size(filled); i++)
        if (json_is_null(json_array_get(filled, i)))
            json_array_set_new(filled, i, json_integer(0));
    enum err err = read_list(filled, 1, arena, to, fault);
    for (size_t i = 0; !err && i < to->count; i++)
        to->item[i].is_null = json_is_null(json_array_get(value, i));
    return err;
}

static enum err read_field(const struct stats_in_field *field, const json_t *value,
                           struct arena *arena, void *to, struct fault *fault)
{
    switch (field->kind) {
    case STATS_IN_COUNT:
    case STATS_IN_NUMBER:
    case STATS_IN_POSITIVE:
    case STATS_IN_NOT_NEGATIVE:
    case STATS_IN_LEVEL:
        return read_number(field, value, to, fault);
    case STATS_IN_NULLABLE:
        return read_nullable(value, to, fault);
    case STATS_IN_FLAG:
        *(bool *)to = json_is_true(value);
        return json_is_boolean(value) ? ERR_OK : wrong(fault, "", "must be true or false");
    case STATS_IN_WORD:
        return read_word(field, value, to, fault);
    case STATS_IN_LIST:
    case STATS_IN_LISTS:
    case STATS_IN_LISTS_OF_LISTS:
        return read_list(value, 1 + (int)(field->kind - STATS_IN_LIST), arena, to, fault);
    case STATS_IN_NULLABLE_LIST:
        return read_nullable_list(value, arena, to, fault);
    case STATS_IN_OBJECT:
        return stats_read(field->fields, value, arena, to, fault);
    }
    return ERR_INTERNAL;
}

static void fall_back(const struct stats_in_field *field, void *to)
{
    if (field->kind == STATS_IN_COUNT)
        *(uint64_t *)to = (uint64_t)field->fallback;
    else if (field->kind <= STATS_IN_LEVEL)
        *(double *)to = field->fallback;
    else if (field->kind == STATS_IN_FLAG)
        *(bool *)to = field->fallback != 0;
    else if (field->kind == STATS_IN_WORD)
        *(int *)to = (int)field->fallback;
}

static enum err refuse_unknown(const struct stats_in_field *fields, const json_t *object,
                               struct fault *fault)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        const struct stats_in_field *field = fields;
        while (field->name && strcmp(field->name, key) != 0)
            field++;
        if (!field->name) {
            char place[128] = "";
            pointer_push(place, sizeof(place), key);
            return wrong(fault, place, "is no field of this method");
        }
    }
    return ERR_OK;
}

enum err stats_read(const struct stats_in_field *fields, const json_t *object, struct arena *arena,
                    void *to, struct fault *ret_fault)
{
    if (!json_is_object(object))
        return fault_set(ret_fault, ERR_INVALID, "", "must be an object, not %s",
                         json_kind_name(object));
    enum err err = refuse_unknown(fields, object, ret_fault);
    for (const struct stats_in_field *field = fields; !err && field->name; field++) {
        const json_t *value = json_object_get(object, field->name);
        void *at = (char *)to + field->offset;
        if (!value && field->is_optional) {
            fall_back(field, at);
            continue;
        }
        err = value ? read_field(field, value, arena, at, ret_fault)
                    : wrong(ret_fault, "", "is missing");
        if (err)
            fault_prefix_key(ret_fault, field->name);
    }
    return err;
}

double *stats_list_values(const struct stats_list *list, struct arena *arena)
{
    double *values = arena_alloc(arena, (list->count + 1) * sizeof(*values));
    for (size_t i = 0; i < list->count; i++)
        values[i] = list->item[i].value;
    return values;
}

uint64_t *stats_list_counts(const struct stats_list *list, struct arena *arena)
{
    uint64_t *counts = arena_alloc(arena, (list->count + 1) * sizeof(*counts));
    for (size_t i = 0; i < list->count; i++) {
        const struct stats_list *leaf = &list->item[i];
        if (leaf->is_null || check_number(STATS_IN_COUNT, leaf->value, NULL) != ERR_OK)
            return NULL;
        counts[i] = (uint64_t)leaf->value;
    }
    return counts;
}
