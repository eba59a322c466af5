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

struct values {
    struct connection connection;
    int64_t days;
    bool has_samples;
};

static const struct option_row rows[] = {
    {"days", OPTION_INT, offsetof(struct values, days), 1, 90, "N",
     "of the last N UTC days, today among them (default: 14)"},
    {"samples", OPTION_FLAG, offsetof(struct values, has_samples), 0, 0, NULL,
     "with the last ones that were kept of each"},
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

static void print_samples(const json_t *items)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i), *samples = json_object_get(item, "samples");
        for (size_t k = 0; k < json_array_size(samples); k++) {
            const json_t *one = json_array_get(samples, k);
            if (k == 0)
                printf("\n%s %s\n", json_text_or(item, "reason", ""),
                       json_text_or(item, "name", ""));
            printf("  %.19s  %s\n      %s\n", json_text_or(one, "received_at", ""),
                   json_text_or(one, "detail", ""), json_text_or(one, "event", ""));
        }
    }
}

static void print_all(const struct values *v, const json_t *items)
{
    static const char *const heads[] = {"reason", "event", "stored", "count", "last"};
    struct table t = {0};
    if (json_array_size(items) == 0) {
        puts("nothing was refused or left out");
        return;
    }
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        table_cell(&t, "%s", heads[i]);
    table_row(&t);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        const char *name = json_text_or(one, "name", "");
        table_cell(&t, "%s", json_text_or(one, "reason", ""));
        table_cell(&t, "%s", *name ? name : "(no name, or others)");
        table_cell(&t, "%s", json_is_true(json_object_get(one, "is_stored")) ? "yes" : "no");
        table_cell(&t, "%lld", (long long)json_integer_value(json_object_get(one, "event_count")));
        table_cell(&t, "%.16s", json_text_or(one, "last_at", ""));
        table_row(&t);
    }
    table_print(&t, 0, stdout);
    if (v->has_samples)
        print_samples(items);
}

int verb_refusals(int argc, char **argv)
{
    struct values values = {.days = 14};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *reply = NULL;
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    struct client_options options = {
        .key = values.connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    const char *url =
        connection_desk_url(&values.connection, arena, "/refusals?days=%lld%s",
                            (long long)values.days, values.has_samples ? "" : "&samples=0");
    enum err e = client_call(client, "GET", url, NULL, &reply, &fault);
    client_free(client);
    if (e)
        return verb_failed(argv[0], &fault);
    if (values.connection.is_json) {
        auto_buf struct buf out = {0};
        json_add_value(&out, reply);
        puts(out.data);
    } else {
        print_all(&values, json_object_get(reply, "items"));
    }
    return EXIT_DONE;
}
