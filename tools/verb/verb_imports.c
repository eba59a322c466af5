// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/text.h"
#include "tools/cli/client.h"
#include "tools/cli/mete.h"
#include "tools/cli/table.h"
#include "tools/cli/verb.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_US (10 * INT64_C(1000000))
#define PAGE_ROWS  100

struct values {
    struct connection connection;
    const char *undo;
};

static const struct option_row rows[] = {
    {"undo", OPTION_TEXT, offsetof(struct values, undo), 0, 0, "CAMPAIGN",
     "take the import of this campaign back: campaign, results, events and the metrics that were "
     "made for it go"},
    {"environment", OPTION_TEXT, offsetof(struct values, connection.environment), 0, 0, "KEY",
     "another environment than the key's own"},
};

static const struct option_table table = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
    .shared = connection_rows,
    .shared_count = CONNECTION_ROWS,
    .shared_offset = offsetof(struct values, connection),
};

static json_int_t sum_of(const json_t *counts)
{
    json_int_t sum = 0;
    const char *name;
    json_t *count;
    json_object_foreach((json_t *)(uintptr_t)counts, name, count)
        sum += json_integer_value(count);
    return sum;
}

/* All pages, as one array. */
static enum err read_all(struct client *client, const struct values *v, struct arena *arena,
                         json_t *ret_items, struct fault *fault)
{
    const char *next = "";
    while (next) {
        auto_json json_t *page = NULL;
        const char *url = connection_desk_url(&v->connection, arena, "/imports?limit=%d%s%s",
                                              PAGE_ROWS, *next ? "&after=" : "", next);
        enum err e = client_call(client, "GET", url, NULL, &page, fault);
        if (e)
            return e;
        json_array_extend(ret_items, json_object_get(page, "items"));
        const char *after = json_string_value(json_object_get(page, "next"));
        next = after ? arena_strdup(arena, after) : NULL;
    }
    return ERR_OK;
}

static void print_all(const struct values *v, const json_t *items)
{
    struct table t = {0};
    size_t i;
    json_t *one;
    if (v->connection.is_json) {
        auto_buf struct buf out = {0};
        json_add_value(&out, items);
        puts(out.data);
        return;
    }
    if (json_array_size(items) == 0) {
        puts("no imports");
        return;
    }
    const char *const heads[] = {"campaign", "state",     "begun", "rows", "events",
                                 "visitors", "data from", "to",    "file"};
    for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        table_cell(&t, "%s", heads[i]);
    table_row(&t);
    json_array_foreach(items, i, one) {
        table_cell(&t, "%s", json_text_or(one, "campaign", ""));
        table_cell(&t, "%s", json_text_or(one, "state", ""));
        table_cell(&t, "%.16s", json_text_or(one, "created_at", ""));
        table_cell(&t, "%lld", (long long)json_integer_value(json_object_get(one, "rows")));
        if (json_is_object(json_object_get(one, "totals")))
            table_cell(&t, "totals");
        else
            table_cell(&t, "%lld", (long long)sum_of(json_object_get(one, "events")));
        table_cell(&t, "%lld", (long long)sum_of(json_object_get(one, "variants")));
        table_cell(&t, "%.10s", json_text_or(one, "first_at", ""));
        table_cell(&t, "%.10s", json_text_or(one, "last_at", ""));
        table_cell(&t, "%s", json_text_or(one, "file_name", ""));
        table_row(&t);
    }
    table_print(&t, 0, stdout);
}

/* 'import' as it was before. */
static void print_undone(const struct values *v, const json_t *import)
{
    const json_t *metrics = json_object_get(import, "metrics");
    if (v->connection.is_json) {
        auto_json json_t *said =
            json_pack("{s:O, s:s, s:O}", "import", json_object_get(import, "id"), "campaign",
                      v->undo, "metrics", metrics);
        auto_buf struct buf out = {0};
        json_add_value(&out, said);
        puts(out.data);
        return;
    }
    printf("the import of campaign \"%s\" was taken back: its results are gone, what it stored is "
           "being deleted\n",
           v->undo);
    size_t i;
    const json_t *key;
    json_array_foreach(metrics, i, key)
        printf("%s%s", i == 0 ? "metrics that went with it: " : ", ", json_string_value(key));
    if (json_array_size(metrics) > 0)
        puts("");
}

static enum err undo(struct client *client, const struct values *v, struct arena *arena,
                     struct fault *fault)
{
    if (!text_is_key(v->undo))
        return fault_set(fault, ERR_INVALID, "", "\"%s\" is not a campaign's key", v->undo);
    auto_json json_t *campaign = NULL;
    const struct connection *c = &v->connection;
    enum err e = client_call(client, "GET", connection_desk_url(c, arena, "/campaigns/%s", v->undo),
                             NULL, &campaign, fault);
    if (e)
        return e;
    const json_t *id = json_object_get(campaign, "import");
    if (!json_is_integer(id))
        return fault_set(fault, ERR_CONFLICT, "", "no import made the campaign \"%s\"", v->undo);
    const char *url =
        connection_desk_url(c, arena, "/imports/%lld", (long long)json_integer_value(id));
    auto_json json_t *import = NULL;
    e = client_call(client, "GET", url, NULL, &import, fault);
    e = e ? e : client_call(client, "DELETE", url, NULL, NULL, fault);
    if (!e)
        print_undone(v, import);
    return e;
}

int verb_imports(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *items = json_array();
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    struct client_options options = {
        .key = values.connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    enum err e = values.undo ? undo(client, &values, arena, &fault)
                             : read_all(client, &values, arena, items, &fault);
    client_free(client);
    if (e)
        return verb_failed(argv[0], &fault);
    if (!values.undo)
        print_all(&values, items);
    return EXIT_DONE;
}
