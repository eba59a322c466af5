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
    const char *outcome, *variant, *learnings;
    const char *campaign[1];
};

static const struct option_row rows[] = {
    {"outcome", OPTION_TEXT, offsetof(struct values, outcome), 0, 0, "WORD",
     "won, lost or inconclusive"},
    {"variant", OPTION_TEXT, offsetof(struct values, variant), 0, 0, "KEY",
     "that won, or that it is about"},
    {"learnings", OPTION_TEXT, offsetof(struct values, learnings), 0, 0, "TEXT",
     "what is known now"},
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

/* {"decision": {…}}, of what was said; the server knows which words there are. */
static json_t *told_of(const struct values *v)
{
    auto_json json_t *decision = json_pack("{s:s*, s:s*, s:s*}", "outcome", v->outcome, "variant",
                                           v->variant, "learnings", v->learnings);
    return decision ? json_pack("{s:O}", "decision", decision) : NULL;
}

/* Stops what still runs; of what is stopped already, writes the decision alone. */
static enum err conclude(struct client *client, const struct values *v, struct arena *arena,
                         json_t **ret, struct fault *fault)
{
    const struct connection *c = &v->connection;
    if (!text_is_key(v->campaign[0]))
        return fault_set(fault, ERR_INVALID, "", "\"%s\" is not a campaign's key", v->campaign[0]);
    auto_json json_t *told = told_of(v);
    auto_json json_t *campaign = NULL;
    auto_buf struct buf body = {0};
    if (!told)
        return fault_set(fault, ERR_INVALID, "", "the options take UTF-8 text");
    json_add_value(&body, told);
    const char *path = connection_desk_url(c, arena, "/campaigns/%s", v->campaign[0]);
    enum err e = client_call(client, "GET", path, NULL, &campaign, fault);
    if (e)
        return e;
    if (strcmp(json_text_or(campaign, "status", ""), "stopped") == 0)
        return client_call(client, "PATCH", path, body.data, ret, fault);
    return client_call(client, "POST",
                       connection_desk_url(c, arena, "/campaigns/%s/stop", v->campaign[0]),
                       body.data, ret, fault);
}

int verb_conclude(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *campaign = NULL;
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    if (!values.outcome)
        return verb_misused(argv[0], "--outcome is needed");
    struct client_options options = {
        .key = values.connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    enum err e = conclude(client, &values, arena, &campaign, &fault);
    client_free(client);
    if (e)
        return verb_failed(argv[0], &fault);
    if (values.connection.is_json) {
        auto_buf struct buf out = {0};
        json_add_value(&out, campaign);
        puts(out.data);
    } else {
        printf("%s is stopped: %s\n", values.campaign[0],
               json_text_or(json_object_get(campaign, "decision"), "outcome", ""));
    }
    return EXIT_DONE;
}
