// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/import.h"

#include "base/clock.h"
#include "base/mem.h"
#include "model/kept.h"

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
         .marks = (marked) ? (marked) : FIELD_REQUIRED,                                            \
         .meaning = "the time of the first event: the campaign's phase begins there"},             \
    {                                                                                              \
        .name = "last_at", .kind = FIELD_TIME, .marks = (marked) ? (marked) : FIELD_REQUIRED,      \
        .meaning = "the time of the last one: it ends with that day"                               \
    }

const struct field import_told_fields[] = {TOLD_FIELDS(0), {0}};

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

enum err import_plan(struct change *change, struct fault *ret_fault)
{
    auto_json json_t *nothing = json_object();
    json_t *told = NULL;
    enum err e = field_read(import_told_fields, change->argument ? change->argument : nothing,
                            &told, ret_fault);
    if (e)
        return e;
    if (time_of(told, "first_at") > time_of(told, "last_at")) {
        json_decref(told);
        return fault_set(ret_fault, ERR_INVALID, "/first_at", "lies behind last_at");
    }
    must(json_object_set_new(change->plan, "import", told) == 0);
    return ERR_OK;
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
