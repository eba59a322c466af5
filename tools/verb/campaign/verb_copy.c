// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/cli/client.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"

#include <stdio.h>

#define TIMEOUT_US (10 * INT64_C(1000000))

struct values {
    struct connection connection;
    const char *key, *name;
    const char *campaign[1];
};

static const struct option_row rows[] = {
    {"key", OPTION_TEXT, offsetof(struct values, key), 0, 0, "KEY",
     "of the copy (default: a free one)"},
    {"name", OPTION_TEXT, offsetof(struct values, name), 0, 0, "TEXT",
     "of the copy (default: Copy of …)"},
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

static enum err copy(struct client *client, const struct values *v, struct arena *arena,
                     json_t **ret, struct fault *fault)
{
    if (!text_is_key(v->campaign[0]))
        return fault_set(fault, ERR_INVALID, "", "\"%s\" is not a campaign's key", v->campaign[0]);
    auto_json json_t *told = json_pack("{s:s*, s:s*}", "key", v->key, "name", v->name);
    auto_buf struct buf body = {0};
    if (!told)
        return fault_set(fault, ERR_INVALID, "", "--key and --name take UTF-8 text");
    json_add_value(&body, told);
    const char *url =
        connection_desk_url(&v->connection, arena, "/campaigns/%s/copy", v->campaign[0]);
    return client_call(client, "POST", url, body.data, ret, fault);
}

int verb_copy(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *campaign = NULL;
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    struct client_options options = {
        .key = values.connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    enum err e = copy(client, &values, arena, &campaign, &fault);
    client_free(client);
    if (e)
        return verb_failed(argv[0], &fault);
    if (values.connection.is_json) {
        auto_buf struct buf out = {0};
        json_add_value(&out, campaign);
        puts(out.data);
    } else {
        printf("%s is a draft, a copy of %s\n", json_text_or(campaign, "key", ""),
               values.campaign[0]);
    }
    return EXIT_DONE;
}
