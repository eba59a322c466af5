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
    const char *variant, *learnings;
    const char *campaign[1];
};

static const struct option_row rows[] = {
    {"variant", OPTION_TEXT, offsetof(struct values, variant), 0, 0, "KEY",
     "what everybody gets (default: the winner that the results name)"},
    {"learnings", OPTION_TEXT, offsetof(struct values, learnings), 0, 0, "TEXT",
     "what is known now (default: what the decision says already)"},
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

/* The verdict's, where it says to ship one. */
static enum err find_winner(struct client *client, const struct values *v, struct arena *arena,
                            const char **ret_variant, struct fault *fault)
{
    auto_json json_t *standing = NULL;
    const char *url =
        connection_desk_url(&v->connection, arena, "/campaigns/%s/standing", v->campaign[0]);
    enum err e = client_call(client, "GET", url, NULL, &standing, fault);
    if (e)
        return e;
    const json_t *verdict = json_object_get(standing, "verdict");
    if (strcmp(json_text_or(verdict, "answer", ""), "ship") != 0)
        return fault_set(fault, ERR_CONFLICT, "",
                         "the results name no winner (%s); --variant says "
                         "which one to ship all the same",
                         json_text_or(verdict, "text", ""));
    *ret_variant = arena_strdup(arena, json_text_or(verdict, "variant", ""));
    return ERR_OK;
}

static enum err ship(struct client *client, const struct values *v, struct arena *arena,
                     json_t **ret, struct fault *fault)
{
    const char *variant = v->variant;
    if (!text_is_key(v->campaign[0]))
        return fault_set(fault, ERR_INVALID, "", "\"%s\" is not a campaign's key", v->campaign[0]);
    enum err e = variant ? ERR_OK : find_winner(client, v, arena, &variant, fault);
    if (e)
        return e;
    auto_json json_t *told =
        json_pack("{s:s, s:s*}", "variant", variant, "learnings", v->learnings);
    if (!told)
        return fault_set(fault, ERR_INVALID, "", "--variant and --learnings take UTF-8 text");
    auto_buf struct buf body = {0};
    json_add_value(&body, told);
    const char *url =
        connection_desk_url(&v->connection, arena, "/campaigns/%s/ship", v->campaign[0]);
    return client_call(client, "POST", url, body.data, ret, fault);
}

int verb_ship(int argc, char **argv)
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
    enum err e = ship(client, &values, arena, &campaign, &fault);
    client_free(client);
    if (e)
        return verb_failed(argv[0], &fault);
    const char *rollout = json_text_or(campaign, "rollout", "");
    const char *variant = json_text_or(json_object_get(campaign, "decision"), "variant", "");
    if (values.connection.is_json) {
        auto_buf struct buf out = {0};
        json_add_value(&out, campaign);
        puts(out.data);
    } else {
        printf("%s is stopped, and %s goes to everybody: %s runs\n", values.campaign[0], variant,
               rollout);
    }
    return EXIT_DONE;
}
