// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metric/metric.h"

#include "base/mem.h"
#include "model/kept.h"
#include "model/metric/filter.h"

#include <string.h>

static const char *const kinds[] = {"conversion", "count", "sum", "mean", "ratio", NULL};
static const char *const units[] = {"money", "number", NULL};
static const char *const directions[] = {"up", "down", NULL};

/* A dotted path into an event's properties: names of letters, digits, '_' and '-'. */
enum err metric_check_path(const json_t *value, struct fault *fault)
{
    const char *s = json_string_value(value);
    for (bool is_start = true; *s; s++) {
        bool is_name = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_' ||
                       (*s >= '0' && *s <= '9') || *s == '-';
        if (!is_name && (*s != '.' || is_start || s[1] == '\0'))
            return fault_set(fault, ERR_INVALID, "",
                             "must be a dotted path, as value or items.quantity");
        is_start = *s == '.';
    }
    return ERR_OK;
}

static enum err check_filter(const json_t *value, struct fault *fault)
{
    auto_buf struct buf path = {0};
    return filter_to_jsonpath(value, &path, fault);
}

#define EVENT_FIELD(required)                                                                      \
    {                                                                                              \
        .name = "event", .kind = FIELD_ID, .marks = required, .meaning = "name of the events"      \
    }
#define VALUE_FIELD                                                                                \
    {                                                                                              \
        .name = "value", .kind = FIELD_TEXT, .min = 1, .max = 200, .check = metric_check_path,     \
        .meaning = "dotted path of the property that is added up"                                  \
    }
#define FILTER_FIELD                                                                               \
    {                                                                                              \
        .name = "filter", .kind = FIELD_ANY, .check = check_filter,                                \
        .meaning = "condition on the event's properties"                                           \
    }

static const struct field term_fields[] = {
    EVENT_FIELD(FIELD_REQUIRED),
    VALUE_FIELD,
    FILTER_FIELD,
    {0},
};

const struct field metric_fields[] = {
    {.name = "key",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .meaning = "name by which campaigns use it"},
    {.name = "name", .kind = FIELD_TEXT, .max = 200, .initial = "\"\"", .meaning = "for people"},
    {.name = "description",
     .kind = FIELD_TEXT,
     .max = 2000,
     .initial = "\"\"",
     .meaning = "for people"},
    {.name = "kind",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = kinds,
     .meaning =
         "conversion: did it at all; count, sum: per visitor; mean: per event; ratio: of two "
         "sums"},
    EVENT_FIELD(0),
    VALUE_FIELD,
    FILTER_FIELD,
    {.name = "numerator", .kind = FIELD_OBJECT, .of = term_fields, .meaning = "ratio: above"},
    {.name = "denominator", .kind = FIELD_OBJECT, .of = term_fields, .meaning = "ratio: below"},
    {.name = "window_hours",
     .kind = FIELD_INT,
     .min = 1,
     .max = 8760,
     .meaning = "only events so many hours after the exposure"},
    {.name = "cap",
     .kind = FIELD_NUMBER,
     .min = 1e-6,
     .max = 1e12,
     .meaning = "count, sum and mean: most that one visitor adds"},
    {.name = "unit",
     .kind = FIELD_WORD,
     .words = units,
     .meaning = "money when the path is value, else number"},
    {.name = "direction",
     .kind = FIELD_WORD,
     .words = directions,
     .initial = "\"up\"",
     .meaning = "which way is better"},
    {.name = "is_builtin",
     .kind = FIELD_BOOL,
     .marks = FIELD_READ_ONLY,
     .meaning = "came with the environment: only its name can change"},
    {.name = "number",
     .kind = FIELD_INT,
     .marks = FIELD_READ_ONLY,
     .meaning = "number of its definition"},
    KEPT_FIELDS,
    {0},
};

/* Of a built-in metric nothing but the name may differ. */
static enum err check_builtin(const struct change *change, struct fault *fault)
{
    for (const struct field *f = metric_fields; f->name; f++) {
        if (f->marks & FIELD_READ_ONLY || strcmp(f->name, "name") == 0 ||
            json_equal(json_object_get(change->before, f->name),
                       json_object_get(change->document, f->name)))
            continue;
        char pointer[64] = "";
        pointer_push(pointer, sizeof(pointer), f->name);
        return fault_set(fault, ERR_CONFLICT, pointer,
                         "of a built-in metric only the name can be changed");
    }
    return ERR_OK;
}

static enum err check_delete(const struct change *change, bool is_builtin, struct fault *fault)
{
    if (is_builtin)
        return fault_set(fault, ERR_CONFLICT, "", "a built-in metric cannot be deleted");
    const char *user = json_string_value(json_object_get(change->context, "used_by"));
    return user ? fault_set(fault, ERR_CONFLICT, "", "campaign %s is measured by it", user)
                : ERR_OK;
}

enum err metric_change(struct change *change, struct fault *ret_fault)
{
    bool is_builtin = json_is_true(json_object_get(change->before, "is_builtin"));
    if (strcmp(change->action, "delete") == 0)
        return check_delete(change, is_builtin, ret_fault);
    if (is_builtin) {
        enum err e = check_builtin(change, ret_fault);
        if (e)
            return e;
    }
    json_t *definition = NULL;
    const char *currency = json_string_value(json_object_get(change->context, "currency"));
    enum err e = metric_compile(change->document, currency, &definition, ret_fault);
    if (!e)
        must(json_object_set_new(change->plan, "definition", definition) == 0);
    return e;
}
