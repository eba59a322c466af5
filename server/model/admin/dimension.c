// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/dimension.h"

#include "model/kept.h"
#include "model/metric/metric.h"

#include <string.h>

static const char *const kinds[] = {"list", "country", NULL};

/* The sums over all units stand under this name. */
static enum err check_key(const json_t *value, struct fault *fault)
{
    return strcmp(json_string_value(value), "all") != 0
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "no dimension can be called all");
}

static const struct field value = {.kind = FIELD_TEXT, .min = 1, .max = 100};

const struct field dimension_fields[] = {
    {.name = "key",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .check = check_key,
     .meaning = "name by which results are broken down"},
    {.name = "name", .kind = FIELD_TEXT, .max = 200, .initial = "\"\"", .meaning = "for people"},
    {.name = "source",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = 200,
     .check = metric_check_path,
     .meaning = "dotted path in the properties of an exposure"},
    {.name = "kind",
     .kind = FIELD_WORD,
     .words = kinds,
     .initial = "\"list\"",
     .meaning = "list: of the values below; country: any two letters"},
    {.name = "values",
     .kind = FIELD_LIST,
     .max = DIMENSION_VALUES,
     .of = &value,
     .initial = "[]",
     .meaning = "those that are told apart"},
    {.name = "rest",
     .kind = FIELD_TEXT,
     .min = 1,
     .max = 100,
     .initial = "\"other\"",
     .meaning = "what any other value is counted as; none at all is unknown"},
    {.name = "is_builtin",
     .kind = FIELD_BOOL,
     .marks = FIELD_READ_ONLY,
     .meaning = "came with the environment: only its name can change"},
    KEPT_FIELDS,
    {0},
};

static enum err check_values(const json_t *document, struct fault *fault)
{
    const json_t *values = json_object_get(document, "values");
    bool is_list = strcmp(json_string_value(json_object_get(document, "kind")), "list") == 0;
    if (is_list && json_array_size(values) == 0)
        return fault_set(fault, ERR_INVALID, "/values", "a list needs at least one value");
    if (!is_list && json_array_size(values) > 0)
        return fault_set(fault, ERR_INVALID, "/values", "countries are any two letters");
    for (size_t i = 0; i < json_array_size(values); i++)
        for (size_t j = 0; j < i; j++)
            if (json_equal(json_array_get(values, i), json_array_get(values, j)))
                return fault_set(fault, ERR_INVALID, "/values", "%s stands there twice",
                                 json_string_value(json_array_get(values, i)));
    return ERR_OK;
}

static enum err check_builtin(const struct change *change, struct fault *fault)
{
    static const char *const fixed[] = {"source", "kind", "values", "rest"};
    if (strcmp(change->action, "delete") == 0)
        return fault_set(fault, ERR_CONFLICT, "", "a built-in dimension cannot be archived");
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        char pointer[32] = "";
        pointer_push(pointer, sizeof(pointer), fixed[i]);
        if (!json_equal(json_object_get(change->before, fixed[i]),
                        json_object_get(change->document, fixed[i])))
            return fault_set(fault, ERR_CONFLICT, pointer,
                             "of a built-in dimension only the name can change");
    }
    return ERR_OK;
}

enum err dimension_change(struct change *change, struct fault *ret_fault)
{
    if (json_is_true(json_object_get(change->before, "is_builtin")))
        return check_builtin(change, ret_fault);
    if (strcmp(change->action, "delete") == 0)
        return ERR_OK;
    if (strcmp(change->action, "create") == 0 &&
        json_integer_value(json_object_get(change->context, "count")) >= DIMENSIONS_MOST)
        return fault_set(ret_fault, ERR_CONFLICT, "",
                         "there are %d dimensions already: archive one first", DIMENSIONS_MOST);
    return check_values(change->document, ret_fault);
}
