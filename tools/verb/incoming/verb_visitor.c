// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/mem.h"
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
    const char *reason;
    bool is_included;
    const char *visitor[1];
};

static const struct option_row rows[] = {
    {"exclude", OPTION_TEXT, offsetof(struct values, reason), 0, 0, "REASON",
     "take the visitor out of all results, what it did and what it will do"},
    {"include", OPTION_FLAG, offsetof(struct values, is_included), 0, 0, NULL,
     "take it in again: results count it as if it had never been out"},
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
    .operand_offset = offsetof(struct values, visitor),
};

static enum err ask(struct client *client, const struct values *v, struct arena *arena,
                    json_t **ret, struct fault *fault)
{
    auto_buf struct buf body = {0};
    if (!text_is_id(v->visitor[0], strlen(v->visitor[0])))
        return fault_set(fault, ERR_INVALID, "",
                         "a visitor's id is 1 to 256 bytes of printable text");
    if (v->reason) {
        auto_json json_t *wish = json_pack("{s:s}", "reason", v->reason);
        if (!wish)
            return fault_set(fault, ERR_INVALID, "", "--exclude takes UTF-8 text");
        json_add_value(&body, wish);
    }
    const char *below = v->reason ? "/exclude" : v->is_included ? "/include" : "";
    char *id = client_escape(v->visitor[0]);
    const char *url = connection_desk_url(&v->connection, arena, "/visitors/%s%s", id, below);
    mem_free(id);
    return client_call(client, *below ? "POST" : "GET", url, v->reason ? body.data : NULL, ret,
                       fault);
}

static void print_exposures(const json_t *exposures)
{
    static const char *const heads[] = {"campaign", "phase", "variant", "exposed at", ""};
    struct table t = {0};
    size_t i;
    json_t *one;
    if (json_array_size(exposures) == 0) {
        puts("counted in no campaign");
        return;
    }
    for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        table_cell(&t, "%s", heads[i]);
    table_row(&t);
    json_array_foreach(exposures, i, one) {
        table_cell(&t, "%s", json_text_or(one, "campaign", ""));
        table_cell(&t, "%lld", (long long)json_integer_value(json_object_get(one, "phase")));
        table_cell(&t, "%s", json_text_or(one, "variant", ""));
        table_cell(&t, "%.19s", json_text_or(one, "exposed_at", ""));
        table_cell(&t, "%s",
                   json_is_true(json_object_get(one, "is_overflowing"))
                       ? "left out: too many events"
                       : "");
        table_row(&t);
    }
    table_print(&t, 0, stdout);
}

static void print(const json_t *visitor)
{
    const json_t *exclusion = json_object_get(visitor, "exclusion");
    const json_t *count = json_object_get(visitor, "event_count");
    if (json_is_object(exclusion))
        printf("out of results since %.19s by %s: %s\n", json_text_or(exclusion, "excluded_at", ""),
               json_text_or(exclusion, "excluded_by", ""), json_text_or(exclusion, "reason", ""));
    if (!count)
        return;
    printf("%lld events\n", (long long)json_integer_value(count));
    if (json_is_true(json_object_get(visitor, "is_exclusion_due")))
        puts("results have still to follow");
    print_exposures(json_object_get(visitor, "exposures"));
}

int verb_visitor(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *answer = NULL;
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    if (values.reason && values.is_included)
        return verb_misused(argv[0], "either --exclude or --include");
    struct client_options options = {
        .key = values.connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    enum err e = ask(client, &values, arena, &answer, &fault);
    client_free(client);
    if (e)
        return verb_failed(argv[0], &fault);
    if (values.connection.is_json) {
        auto_buf struct buf out = {0};
        json_add_value(&out, answer);
        puts(out.data);
    } else if (values.is_included) {
        puts("results count the visitor again, within seconds");
    } else {
        print(answer);
    }
    return EXIT_DONE;
}
