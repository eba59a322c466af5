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
    const char *layer;
    double share;
    bool is_check;
    const char *campaign[1];
};

static const struct option_row rows[] = {
    {"layer", OPTION_TEXT, offsetof(struct values, layer), 0, 0, "KEY",
     "put it into this layer first: it shares no visitor with the others there"},
    {"share", OPTION_NUMBER, offsetof(struct values, share), 0.0001, 1, "SHARE",
     "of the layer's visitors (default: all)"},
    {"check", OPTION_FLAG, offsetof(struct values, is_check), 0, 0, NULL,
     "only say whether it would start, and what it would meet"},
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

static enum err put_into_layer(struct client *client, const struct values *v, struct arena *arena,
                               struct fault *fault)
{
    auto_json json_t *layer =
        json_pack("{s:{s:s, s:f}}", "layer", "key", v->layer, "share", v->share);
    auto_buf struct buf body = {0};
    if (!layer)
        return fault_set(fault, ERR_INVALID, "", "--layer takes UTF-8 text");
    json_add_value(&body, layer);
    const char *url = connection_desk_url(&v->connection, arena, "/campaigns/%s", v->campaign[0]);
    return client_call(client, "PATCH", url, body.data, NULL, fault);
}

static enum err start(struct client *client, const struct values *v, struct arena *arena,
                      json_t **ret, struct fault *fault)
{
    if (!text_is_key(v->campaign[0]))
        return fault_set(fault, ERR_INVALID, "", "\"%s\" is not a campaign's key", v->campaign[0]);
    enum err e = v->layer && !v->is_check ? put_into_layer(client, v, arena, fault) : ERR_OK;
    if (e)
        return e;
    const char *url = connection_desk_url(
        &v->connection, arena,
        v->is_check ? "/campaigns/%s/start?dry_run=true" : "/campaigns/%s/start", v->campaign[0]);
    return client_call(client, "POST", url, NULL, ret, fault);
}

static void add_names(struct buf *out, const json_t *collision, const char *list, const char *noun)
{
    const json_t *names = json_object_get(collision, list);
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        buf_printf(out, "%s%s %s", out->length ? ", " : "", noun, name ? name : "");
    }
}

/* One line: what both touch, who is seen, and what would keep them apart. */
static void warn(const json_t *collision, const char *campaign)
{
    auto_buf struct buf names = {0};
    const json_t *layer = json_object_get(collision, "layer");
    const char *other = json_text_or(collision, "campaign", "");
    bool is_over = json_is_true(json_object_get(collision, "is_over"));
    add_names(&names, collision, "flags", "flag");
    add_names(&names, collision, "selectors", "element");
    add_names(&names, collision, "places", "place");
    fprintf(stderr, "warning: %s and %s (%s) both touch %s; visitors of both see that of %s. ",
            campaign, other, json_text_or(collision, "status", ""), names.data,
            is_over ? other : campaign);
    if (json_is_object(layer))
        fprintf(stderr, "Layer %s keeps them apart, %.4g of it is free (--layer)\n",
                json_text_or(layer, "key", ""), json_number_value(json_object_get(layer, "free")));
    else
        fprintf(stderr, "%s runs without a layer, and gets none before it is stopped\n", other);
}

int verb_start(int argc, char **argv)
{
    struct values values = {.share = 1};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *answer = NULL;
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    if (values.is_check && values.layer)
        return verb_misused(argv[0], "--check changes nothing: leave --layer out");
    struct client_options options = {
        .key = values.connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    enum err e = start(client, &values, arena, &answer, &fault);
    client_free(client);
    if (e)
        return verb_failed(argv[0], &fault);
    const json_t *collisions = json_object_get(answer, "collisions");
    for (size_t i = 0; i < json_array_size(collisions) && !values.connection.is_json; i++)
        warn(json_array_get(collisions, i), values.campaign[0]);
    if (values.connection.is_json) {
        auto_buf struct buf out = {0};
        json_add_value(&out, answer);
        puts(out.data);
    } else {
        printf(values.is_check ? "%s can start\n" : "%s runs\n", values.campaign[0]);
    }
    return EXIT_DONE;
}
