// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/cli/client.h"
#include "tools/cli/mete.h"
#include "tools/cli/progress.h"
#include "tools/cli/verb.h"
#include "tools/verb/export/export_csv.h"
#include "tools/verb/export/export_document.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_US (30 * INT64_C(1000000))
#define PAGE_ROWS  500

struct values {
    struct connection connection;
    const char *what, *format, *variant;
    int64_t phase;
    bool is_crossover;
    const char *campaign[1];
};

static const struct option_row rows[] = {
    {"what", OPTION_TEXT, offsetof(struct values, what), 0, 0, "WHAT",
     "exposures, outcomes (a row a visitor), events, results, days (who came), looks (as each day "
     "closed), since_exposure (what visitors did on each day since), insight (which variant is the "
     "best, and how much of it is luck), outlook (whether more days would help), findings (for "
     "whom "
     "the effect is another one), stratified (as if both arms had the same mix) or split (sizes by "
     "day and dimension)"},
    {"format", OPTION_TEXT, offsetof(struct values, format), 0, 0, "FORMAT",
     "csv (default) or json (a line a row)"},
    {"phase", OPTION_INT, offsetof(struct values, phase), 1, 1e6, "N",
     "an earlier phase (default: the newest)"},
    {"variant", OPTION_TEXT, offsetof(struct values, variant), 0, 0, "KEY",
     "of exposures: those who met this one first"},
    {"crossover", OPTION_FLAG, offsetof(struct values, is_crossover), 0, 0, NULL,
     "of exposures: those who met several variants"},
    {"environment", OPTION_TEXT, offsetof(struct values, connection.environment), 0, 0, "KEY",
     "another environment than the key's own"},
};

static const struct option_table table = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
    .shared = connection_rows,
    .shared_count = CONNECTION_ROWS,
    .shared_offset = offsetof(struct values, connection),
    .operands = 1,
    .operand_offset = offsetof(struct values, campaign),
};

struct export
{
    const struct values *values;
    struct client *client;
    struct export_csv csv;
    struct progress progress;
    uint64_t count;
};

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (word && strcmp(word, *words) == 0)
            return true;
    return false;
}

static enum err check(const struct values *v, struct fault *fault)
{
    static const char *const whats[] = {
        "exposures",      "outcomes", "events",   "results",    "days",  "looks", "insight",
        "since_exposure", "outlook",  "findings", "stratified", "split", NULL};
    static const char *const formats[] = {"csv", "json", NULL};
    if (!text_is_key(v->campaign[0]))
        return fault_set(fault, ERR_INVALID, "", "\"%s\" is not a campaign's key", v->campaign[0]);
    if (!is_one_of(v->what, whats))
        return fault_set(fault, ERR_INVALID, "",
                         "--what is needed: exposures, outcomes, events, results, days, looks, "
                         "since_exposure, insight, outlook, findings, stratified or split");
    if ((v->variant || v->is_crossover) && strcmp(v->what, "exposures") != 0)
        return fault_set(fault, ERR_INVALID, "", "--variant and --crossover go with exposures");
    if (v->variant && !text_is_key(v->variant))
        return fault_set(fault, ERR_INVALID, "", "--variant: \"%s\" is not a variant's key",
                         v->variant);
    if (!is_one_of(v->format, formats))
        return fault_set(fault, ERR_INVALID, "", "--format: \"%s\" is neither csv nor json",
                         v->format);
    return ERR_OK;
}

static bool is_csv(const struct export *x)
{
    return strcmp(x->values->format, "csv") == 0 && !x->values->connection.is_json;
}

static void gather_item(void *arg, const json_t *item)
{
    struct export *x = arg;
    export_csv_gather(&x->csv, item);
}

static void write_item(void *arg, const json_t *item)
{
    struct export *x = arg;
    if (is_csv(x)) {
        export_csv_write(&x->csv, item, stdout);
    } else {
        auto_buf struct buf line = {0};
        json_add_value(&line, item);
        puts(line.data);
    }
    progress_show(&x->progress, ++x->count, NULL);
}

static const char *page_url(const struct export *x, struct arena *arena, const char *after)
{
    const struct values *v = x->values;
    auto_buf struct buf query = {0};
    buf_printf(&query, "?limit=%d", PAGE_ROWS);
    if (v->phase)
        buf_printf(&query, "&phase=%lld", (long long)v->phase);
    if (v->variant)
        buf_printf(&query, "&variant=%s", v->variant);
    if (v->is_crossover)
        buf_add_str(&query, "&crossover=true");
    if (after) {
        char *escaped = client_escape(after);
        buf_printf(&query, "&after=%s", escaped);
        mem_free(escaped);
    }
    return connection_desk_url(&v->connection, arena, "/campaigns/%s/%s%s", v->campaign[0], v->what,
                               query.data);
}

/* Page by page until there is no next one. */
static enum err export_rows(struct export *x, struct fault *fault)
{
    auto_json json_t *page = NULL;
    do {
        auto_arena struct arena *arena = arena_new(0);
        const char *after = json_string_value(json_object_get(page, "next"));
        json_t *next = NULL, *item;
        size_t i;
        enum err e = client_call(x->client, "GET", page_url(x, arena, after), NULL, &next, fault);
        if (e)
            return e;
        json_decref(page);
        page = next;
        json_array_foreach(json_object_get(page, "items"), i, item)
            gather_item(x, item);
        json_array_foreach(json_object_get(page, "items"), i, item)
            write_item(x, item);
    } while (json_is_string(json_object_get(page, "next")));
    return ERR_OK;
}

static enum err export_results(struct export *x, struct arena *arena, struct fault *fault)
{
    const struct values *v = x->values;
    auto_json json_t *results = NULL;
    char phase[40] = "";
    if (v->phase)
        snprintf(phase, sizeof(phase), "?phase=%lld", (long long)v->phase);
    const char *url = connection_desk_url(&v->connection, arena, "/campaigns/%s/%s%s",
                                          v->campaign[0], export_document_of(v->what), phase);
    enum err e = client_call(x->client, "GET", url, NULL, &results, fault);
    if (e)
        return e;
    export_document(results, v->what, gather_item, x);
    export_document(results, v->what, write_item, x);
    return ERR_OK;
}

static enum err run(struct values *values, struct arena *arena, struct fault *fault)
{
    enum err e = check(values, fault);
    if (e)
        return e;
    struct client_options options = {
        .key = values->connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct export x = {.values = values, .client = client_new(&options)};
    progress_init(&x.progress, "rows", 0);
    if (export_document_of(values->what))
        e = export_results(&x, arena, fault);
    else
        e = export_rows(&x, fault);
    progress_done(&x.progress);
    export_csv_done(&x.csv);
    client_free(x.client);
    return e;
}

int verb_export(int argc, char **argv)
{
    struct values values = {.format = "csv"};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    return run(&values, arena, &fault) ? verb_failed(argv[0], &fault) : EXIT_DONE;
}
