// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/mapping/json_fields.h"

#include "base/json/json.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
    [JSON_FIELD_STRING] = "a string that is not empty",
    [JSON_FIELD_NUMBER] = "a number",
    [JSON_FIELD_FLAG] = "true or false",
    [JSON_FIELD_OBJECT] = "an object",
    [JSON_FIELD_ARRAY] = "an array",
    [JSON_FIELD_ANY] = "a value",
};

static const struct json_field *find(const struct json_field *fields, size_t count,
                                     const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

static bool store(const struct json_field *field, json_t *value, char *at)
{
    switch (field->kind) {
    case JSON_FIELD_STRING:
        if (!json_is_string(value) || json_string_length(value) == 0)
            return false;
        *(const char **)(void *)at = json_string_value(value);
        return true;
    case JSON_FIELD_NUMBER:
        if (!json_is_number(value))
            return false;
        *(double *)(void *)at = json_number_value(value);
        return true;
    case JSON_FIELD_FLAG:
        if (!json_is_boolean(value))
            return false;
        *(bool *)(void *)at = json_is_true(value);
        return true;
    case JSON_FIELD_OBJECT:
    case JSON_FIELD_ARRAY:
    case JSON_FIELD_ANY:
        if (field->kind == JSON_FIELD_OBJECT
                ? !json_is_object(value)
                : field->kind == JSON_FIELD_ARRAY && !json_is_array(value))
            return false;
        *(json_t **)(void *)at = value;
        return true;
    }
    return false;
}

static enum err read_member(const struct json_field *field, const char *name, json_t *value,
                            char *to, struct fault *fault)
{
    char pointer[256] = "";
    pointer_push(pointer, sizeof(pointer), name);
    if (!field)
        return fault_set(fault, ERR_INVALID, pointer, "there is no field \"%s\" here", name);
    if (!store(field, value, to + field->offset))
        return fault_set(fault, ERR_INVALID, pointer, "\"%s\" must be %s, not %s", name,
                         kind_names[field->kind], json_kind_name(value));
    return ERR_OK;
}

static enum err read_members(const json_t *object, const struct json_field *fields, size_t count,
                             void *to, struct fault *fault)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        enum err e = read_member(find(fields, count, name), name, value, to, fault);
        if (e)
            return e;
    }
    for (size_t i = 0; i < count; i++)
        if (fields[i].is_required && !json_object_get(object, fields[i].name))
            return fault_set(fault, ERR_INVALID, "", "the field \"%s\" is missing", fields[i].name);
    return ERR_OK;
}

enum err json_fields_read(const json_t *object, const struct json_field *fields, size_t count,
                          const char *pointer, void *to, struct fault *ret_fault)
{
    if (!object)
        return ERR_OK;
    enum err e = ERR_OK;
    if (!json_is_object(object))
        e = fault_set(ret_fault, ERR_INVALID, "", "an object is expected here, not %s",
                      json_kind_name(object));
    else
        e = read_members(object, fields, count, to, ret_fault);
    if (e)
        fault_prefix(ret_fault, pointer);
    return e;
}
