// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/trigger.h"

#include "base/mem.h"
#include "model/condition/regex.h"

#include <stdio.h>
#include <string.h>

static const char *const matches[] = {"simple", "exact", "wildcard", "regex", NULL};
static const char *const moments[] = {"scroll", "time",       "exit_intent", "visible",
                                      "event",  "data_layer", NULL};

static const struct field page_fields[] = {
    {.name = "match",
     .kind = FIELD_WORD,
     .words = matches,
     .initial = "\"simple\"",
     .meaning = "simple: same page whatever its query; exact: same address; wildcard: * stands for "
                "anything; regex"},
    {.name = "value",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = 2000,
     .meaning = "an address, or a path that begins with /"},
    {.name = "is_excluded", .kind = FIELD_BOOL, .initial = "false", .meaning = "not on such pages"},
    {0},
};
static const struct field page = {.kind = FIELD_OBJECT, .of = page_fields};

static const struct field moment_fields[] = {
    {.name = "on",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = moments,
     .meaning = "what happens"},
    {.name = "amount",
     .kind = FIELD_NUMBER,
     .min = 0,
     .max = 86400,
     .meaning = "per cent of the page for scroll, seconds for time"},
    {.name = "selector",
     .kind = FIELD_TEXT,
     .min = 1,
     .max = 1000,
     .meaning = "CSS: the element that becomes visible"},
    {.name = "name",
     .kind = FIELD_TEXT,
     .min = 1,
     .max = 200,
     .meaning = "of the custom event, or of an event of the data layer"},
    {0},
};
static const struct field moment = {.kind = FIELD_OBJECT, .of = moment_fields};

const struct field trigger_fields[] = {
    {.name = "pages",
     .kind = FIELD_LIST,
     .max = 100,
     .of = &page,
     .initial = "[]",
     .meaning = "any of them, and none that is excluded; empty: every page"},
    {.name = "moments",
     .kind = FIELD_LIST,
     .max = 20,
     .of = &moment,
     .initial = "[]",
     .meaning = "the first of them that comes; empty: at once"},
    {0},
};

static enum err check_page(const json_t *row, struct fault *fault)
{
    const char *value = json_string_value(json_object_get(row, "value"));
    const char *match = json_string_value(json_object_get(row, "match"));
    auto_arena struct arena *arena = arena_new(0);
    struct fault why;
    if (strcmp(match, "regex") != 0 || regex_compile(arena, value, strlen(value), 0, &why))
        return ERR_OK;
    return fault_set(fault, ERR_INVALID, "/value", "%s", why.detail);
}

static enum err check_moment(const json_t *row, struct fault *fault)
{
    static const struct {
        const char *on, *needed;
    } needs[] = {{"scroll", "amount"},    {"time", "amount"}, {"exit_intent", NULL},
                 {"visible", "selector"}, {"event", "name"},  {"data_layer", "name"}};
    const char *on = json_string_value(json_object_get(row, "on"));
    size_t i = 0;
    while (strcmp(needs[i].on, on) != 0)
        i++;
    for (const struct field *f = moment_fields + 1; f->name; f++) {
        bool is_there = !json_is_null(json_object_get(row, f->name));
        bool is_needed = needs[i].needed && strcmp(needs[i].needed, f->name) == 0;
        char pointer[64] = "";
        pointer_push(pointer, sizeof(pointer), f->name);
        if (is_there != is_needed)
            return fault_set(fault, ERR_INVALID, pointer,
                             is_needed ? "is needed for %s" : "has no meaning for %s", on);
    }
    double amount = json_number_value(json_object_get(row, "amount"));
    return strcmp(on, "scroll") == 0 && amount > 100
               ? fault_set(fault, ERR_INVALID, "/amount", "must be at most 100 per cent")
               : ERR_OK;
}

static enum err check_list(const json_t *triggers, const char *name,
                           enum err (*check)(const json_t *, struct fault *), struct fault *fault)
{
    const json_t *list = json_object_get(triggers, name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        enum err e = check(json_array_get(list, i), fault);
        if (!e)
            continue;
        fault_prefix_index(fault, i);
        fault_prefix_key(fault, name);
        return e;
    }
    return ERR_OK;
}

enum err trigger_check(const json_t *triggers, struct fault *ret_fault)
{
    enum err e = check_list(triggers, "pages", check_page, ret_fault);
    return e ? e : check_list(triggers, "moments", check_moment, ret_fault);
}
