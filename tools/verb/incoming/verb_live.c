// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/cli/client.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_US (10 * INT64_C(1000000))

struct values {
    struct connection connection;
    const char *visitor, *name;
    bool is_uncounted;
};

static const struct option_row rows[] = {
    {"visitor", OPTION_TEXT, offsetof(struct values, visitor), 0, 0, "ID", "of this visitor alone"},
    {"name", OPTION_TEXT, offsetof(struct values, name), 0, 0, "NAME", "events of this name alone"},
    {"uncounted", OPTION_FLAG, offsetof(struct values, is_uncounted), 0, 0, NULL,
     "only what does not count"},
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

/* What it did, a line for each campaign that its visitor met. */
static void print_effect(const json_t *effect)
{
    const json_t *campaigns = json_object_get(effect, "campaigns");
    const char *why = json_text_or(effect, "why", "");
    const char *unrated = json_text_or(effect, "unrated", "");
    if (*why)
        printf("    %s\n", why);
    for (size_t i = 0; i < json_array_size(campaigns); i++) {
        const json_t *one = json_array_get(campaigns, i), *metric;
        size_t k;
        printf("    %s, %s: %s", json_text_or(one, "campaign", ""),
               json_text_or(one, "variant", ""), json_text_or(one, "what", ""));
        json_array_foreach(json_object_get(one, "metrics"), k, metric)
            printf("%s%s", k == 0 ? " " : ", ", json_string_value(metric));
        putchar('\n');
    }
    if (*unrated)
        printf("    no_rate: there is no rate of %s for that day, its money does not count\n",
               unrated);
}

static void print_all(const json_t *items)
{
    if (json_array_size(items) == 0)
        puts("nothing came in the last hour");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        printf("%.19s  %s  %s\n    %s\n", json_text_or(one, "received_at", ""),
               json_text_or(one, "name", ""), json_text_or(one, "visitor_id", ""),
               json_text_or(one, "properties", ""));
        if (json_is_true(json_object_get(one, "is_refused")))
            printf("    refused: %s: %s\n", json_text_or(one, "reason", ""),
                   json_text_or(one, "detail", ""));
        else
            print_effect(json_object_get(one, "effect"));
    }
}

static const char *url_of(const struct values *v, struct arena *arena)
{
    char *visitor = client_escape(v->visitor ? v->visitor : "");
    char *name = client_escape(v->name ? v->name : "");
    const char *url = connection_desk_url(
        &v->connection, arena, "/live-events?%s%s%s%s%s", v->is_uncounted ? "uncounted=1" : "",
        v->visitor ? "&visitor=" : "", visitor, v->name ? "&name=" : "", name);
    mem_free(visitor);
    mem_free(name);
    return url;
}

int verb_live(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *reply = NULL;
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    struct client_options options = {
        .key = values.connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    enum err e = client_call(client, "GET", url_of(&values, arena), NULL, &reply, &fault);
    client_free(client);
    if (e)
        return verb_failed(argv[0], &fault);
    if (values.connection.is_json) {
        auto_buf struct buf out = {0};
        json_add_value(&out, json_object_get(reply, "items"));
        puts(out.data);
    } else {
        print_all(json_object_get(reply, "items"));
    }
    return EXIT_DONE;
}
