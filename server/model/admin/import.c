// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/import.h"

#include "base/clock.h"
#include "base/mem.h"
#include "model/kept.h"
#include "model/metric/totals.h"

#include <stdio.h>
#include <string.h>

static const char *const state_words[] = {"sending", "done", "leaving", "gone", NULL};

static const struct field count_entry[] = {
    {.kind = FIELD_ID, .meaning = "a name"},
    {.kind = FIELD_INT, .meaning = "how many"},
};

/* What a file holds: told when the import begins, shown ever after. */
#define TOLD_FIELDS(marked)                                                                        \
    {.name = "file_name",                                                                          \
     .kind = FIELD_TEXT,                                                                           \
     .marks = (marked),                                                                            \
     .max = 300,                                                                                   \
     .initial = "\"\"",                                                                            \
     .meaning = "without its folders"},                                                            \
        {.name = "file_sha256",                                                                    \
         .kind = FIELD_TEXT,                                                                       \
         .marks = (marked),                                                                        \
         .max = 64,                                                                                \
         .initial = "\"\"",                                                                        \
         .meaning = "of its content, unpacked"},                                                   \
        {.name = "mapping",                                                                        \
         .kind = FIELD_ANY,                                                                        \
         .marks = (marked),                                                                        \
         .meaning = "what its columns mean"},                                                      \
        {.name = "rows",                                                                           \
         .kind = FIELD_INT,                                                                        \
         .marks = (marked),                                                                        \
         .max = 1e15,                                                                              \
         .initial = "0",                                                                           \
         .meaning = "of the file, its header aside"},                                              \
        {.name = "bad_rows",                                                                       \
         .kind = FIELD_INT,                                                                        \
         .marks = (marked),                                                                        \
         .max = 1e15,                                                                              \
         .initial = "0",                                                                           \
         .meaning = "of these that could not be read, and were left out"},                         \
        {.name = "events",                                                                         \
         .kind = FIELD_MAP,                                                                        \
         .marks = (marked),                                                                        \
         .max = 100,                                                                               \
         .of = count_entry,                                                                        \
         .initial = "{}",                                                                          \
         .meaning = "how many of each name the rows make"},                                        \
        {.name = "first_at",                                                                       \
         .kind = FIELD_TIME,                                                                       \
         .marks = (marked),                                                                        \
         .meaning = "the time of the first event: the campaign's phase begins there; of totals "   \
                    "the first day"},                                                              \
    {                                                                                              \
        .name = "last_at", .kind = FIELD_TIME, .marks = (marked),                                  \
        .meaning = "the time of the last one: it ends with that day"                               \
    }

static const struct field metric_key = {.kind = FIELD_KEY, .meaning = "key of a metric"};

const struct field import_told_fields[] = {
    TOLD_FIELDS(0),
    {.name = "made_metrics",
     .kind = FIELD_LIST,
     .max = 100,
     .of = &metric_key,
     .initial = "[]",
     .meaning = "metrics of the campaign that were made for this import, and go with it"},
    {.name = "totals",
     .kind = FIELD_OBJECT,
     .of = totals_fields,
     .meaning = "what was counted elsewhere, in place of events; then first_at and last_at follow "
                "from it, and the import is done at once"},
    {0},
};

static const struct field outline_metric_fields[] = {
    {.name = "has_squares", .kind = FIELD_BOOL, .meaning = "so that there are intervals"},
    {0},
};

static const struct field outline_entry[] = {
    {.kind = FIELD_KEY, .meaning = "key of a metric"},
    {.kind = FIELD_OBJECT, .of = outline_metric_fields, .meaning = "what is known of it"},
};

static const struct field outline_fields[] = {
    {.name = "visitors", .kind = FIELD_TEXT, .meaning = "new or daily, see there"},
    {.name = "metrics",
     .kind = FIELD_MAP,
     .of = outline_entry,
     .meaning = "that there are sums of"},
    {0},
};

const struct field import_finish_fields[] = {
    {.name = "refused",
     .kind = FIELD_INT,
     .max = 1e15,
     .initial = "0",
     .meaning = "events that the server refused, and that were left out"},
    {0},
};

const struct field import_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_READ_ONLY, .meaning = "its number"},
    {.name = "campaign",
     .kind = FIELD_KEY,
     .marks = FIELD_READ_ONLY,
     .meaning = "key of the campaign it makes, and which goes with it"},
    {.name = "campaign_name", .kind = FIELD_TEXT, .marks = FIELD_READ_ONLY, .meaning = "its name"},
    {.name = "state",
     .kind = FIELD_WORD,
     .marks = FIELD_READ_ONLY,
     .words = state_words,
     .meaning = "sending: not all of it is there; done; leaving: it was taken back, and its events "
                "are being deleted; gone"},
    {.name = "actor",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "who: key:<id> or user:<id>"},
    {.name = "visitor_prefix",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "what the ids of its visitors begin with"},
    TOLD_FIELDS(FIELD_READ_ONLY),
    {.name = "totals",
     .kind = FIELD_OBJECT,
     .marks = FIELD_READ_ONLY,
     .of = outline_fields,
     .meaning = "null: it holds visitors and their events, and no totals"},
    {.name = "refused",
     .kind = FIELD_INT,
     .marks = FIELD_READ_ONLY,
     .meaning = "events that the server refused"},
    {.name = "variants",
     .kind = FIELD_MAP,
     .marks = FIELD_READ_ONLY,
     .of = count_entry,
     .meaning = "its visitors by variant, as far as they are counted; those there were, when it "
                "was taken back"},
    {.name = "metrics",
     .kind = FIELD_LIST,
     .marks = FIELD_READ_ONLY,
     .of = &metric_key,
     .meaning = "keys of the metrics that go with it: an import made them, nobody changed them "
                "since, and no other campaign names them; those that went, when it was taken back"},
    KEPT_FIELDS,
    {0},
};

static int64_t time_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    int64_t us = 0;
    must(clock_parse(json_string_value(value), json_string_length(value), &us));
    return us;
}

static enum err check_times(const json_t *told, bool is_wanted, struct fault *fault)
{
    static const char *const names[] = {"first_at", "last_at"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char pointer[32] = "";
        pointer_push(pointer, sizeof(pointer), names[i]);
        if (json_is_string(json_object_get(told, names[i])) != is_wanted)
            return fault_set(fault, ERR_INVALID, pointer,
                             is_wanted ? "is required" : "follows from the days of the totals");
    }
    if (is_wanted && time_of(told, "first_at") > time_of(told, "last_at"))
        return fault_set(fault, ERR_INVALID, "/first_at", "lies behind last_at");
    return ERR_OK;
}

/* {key: kind} of what the campaign is measured by. */
static json_t *kinds_of(const struct change *change)
{
    size_t i;
    json_t *metric, *kinds = json_object();
    const json_t *known = json_object_get(change->context, "metrics");
    json_array_foreach(json_object_get(change->before, "metrics"), i, metric) {
        const char *key = json_text_at(metric, "key");
        json_t *kind = json_object_get(known, key);
        must(json_object_set_new(kinds, key, kind ? json_incref(kind) : json_null()) == 0);
    }
    return kinds;
}

/* A metric that the campaign is not measured by is not the import's to take away. */
static enum err check_made_metrics(const struct change *change, const json_t *told,
                                   struct fault *fault)
{
    size_t i;
    const json_t *key;
    auto_json json_t *kinds = kinds_of(change);
    json_array_foreach(json_object_get(told, "made_metrics"), i, key) {
        char pointer[64];
        snprintf(pointer, sizeof(pointer), "/made_metrics/%zu", i);
        if (!json_object_get(kinds, json_string_value(key)))
            return fault_set(fault, ERR_INVALID, pointer,
                             "the campaign is not measured by this metric");
    }
    return ERR_OK;
}

/* The rows go apart: what is kept of an import is told with it. */
static enum err plan_totals(struct change *change, json_t *told, struct fault *fault)
{
    json_t *totals = json_object_get(told, "totals");
    auto_json json_t *kinds = kinds_of(change);
    enum err e = totals_check(totals, json_object_get(change->before, "variants"), kinds, fault);
    if (e) {
        fault_prefix(fault, "/totals");
        return e;
    }
    must(json_object_set(change->plan, "totals", json_object_get(totals, "rows")) == 0);
    if (json_integer_value(json_object_get(told, "rows")) == 0)
        must(json_object_set_new(
                 told, "rows",
                 json_integer((json_int_t)json_array_size(json_object_get(totals, "rows")))) == 0);
    must(json_object_set_new(told, "totals", totals_outline(totals)) == 0);
    return ERR_OK;
}

enum err import_plan(struct change *change, struct fault *ret_fault)
{
    auto_json json_t *nothing = json_object();
    json_t *told = NULL;
    enum err e = field_read(import_told_fields, change->argument ? change->argument : nothing,
                            &told, ret_fault);
    if (e)
        return e;
    bool has_totals = json_is_object(json_object_get(told, "totals"));
    e = check_times(told, !has_totals, ret_fault);
    e = e ? e : check_made_metrics(change, told, ret_fault);
    if (!e && has_totals)
        e = plan_totals(change, told, ret_fault);
    if (e)
        json_decref(told);
    else
        must(json_object_set_new(change->plan, "import", told) == 0);
    return e;
}

static enum err plan_finish(struct change *change, struct fault *fault)
{
    const char *state = json_string_value(json_object_get(change->before, "state"));
    if (!state || (strcmp(state, "sending") != 0 && strcmp(state, "done") != 0))
        return fault_set(fault, ERR_CONFLICT, "", "the import was taken back");
    auto_json json_t *nothing = json_object();
    json_t *told = NULL;
    enum err e = field_read(import_finish_fields, change->argument ? change->argument : nothing,
                            &told, fault);
    if (!e)
        must(json_object_set_new(change->plan, "told", told) == 0);
    return e;
}

enum err import_change(struct change *change, struct fault *ret_fault)
{
    return strcmp(change->action, "finish") == 0 ? plan_finish(change, ret_fault) : ERR_OK;
}
