// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/flag.h"

#include "model/kept.h"
#include <string.h>

static const char *const types[] = {"boolean", "string", "number", "json", NULL};

const struct field flag_fields[] = {
    {.name = "key",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .meaning = "name by which pages ask for it"},
    {.name = "type",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .words = types,
     .meaning = "what values it takes"},
    {.name = "default", .kind = FIELD_ANY, .meaning = "value where no campaign sets it"},
    {.name = "description",
     .kind = FIELD_TEXT,
     .max = 2000,
     .initial = "\"\"",
     .meaning = "for people"},
    KEPT_FIELDS,
    {0},
};

enum err flag_check_value(const char *type, const json_t *value, struct fault *ret_fault)
{
    bool is_right = strcmp(type, "json") == 0 ||
                    (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
                    (strcmp(type, "string") == 0 && json_is_string(value)) ||
                    (strcmp(type, "number") == 0 && json_is_number(value));
    if (is_right)
        return ERR_OK;
    return fault_set(ret_fault, ERR_INVALID, "", "must be of the flag's type %s, not %s", type,
                     json_kind_name(value));
}

enum err flag_change(struct change *change, struct fault *ret_fault)
{
    if (strcmp(change->action, "delete") == 0) {
        const char *user = json_string_value(json_object_get(change->context, "used_by"));
        return user ? fault_set(ret_fault, ERR_CONFLICT, "", "campaign %s sets this flag", user)
                    : ERR_OK;
    }
    const json_t *value = json_object_get(change->document, "default");
    if (json_is_null(value))
        return ERR_OK;
    const char *type = json_string_value(json_object_get(change->document, "type"));
    enum err e = flag_check_value(type, value, ret_fault);
    if (e)
        fault_prefix(ret_fault, "/default");
    return e;
}
