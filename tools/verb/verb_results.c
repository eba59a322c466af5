// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/text.h"
#include "tools/cli/client.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"
#include "tools/verb/results_table.h"

#include <stdio.h>

#define TIMEOUT_US (10 * INT64_C(1000000))

struct values {
    struct connection connection;
    const char *dimension, *baseline;
    int64_t phase;
    const char *campaign[1];
};

static const struct option_row rows[] = {
    {"phase", OPTION_INT, offsetof(struct values, phase), 1, 1e6, "N",
     "an earlier phase (default: the newest)"},
    {"dimension", OPTION_TEXT, offsetof(struct values, dimension), 0, 0, "NAME",
     "break down by device, country or visitor_type"},
    {"baseline", OPTION_TEXT, offsetof(struct values, baseline), 0, 0, "VARIANT",
     "compare with this variant (default: the control)"},
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

static enum err check(const struct values *v, struct fault *fault)
{
    if (!text_is_key(v->campaign[0]))
        return fault_set(fault, ERR_INVALID, "", "\"%s\" is not a campaign's key", v->campaign[0]);
    if (v->dimension && !text_is_key(v->dimension))
        return fault_set(fault, ERR_INVALID, "", "--dimension: \"%s\" is not known", v->dimension);
    if (v->baseline && !text_is_key(v->baseline))
        return fault_set(fault, ERR_INVALID, "", "--baseline: \"%s\" is not a variant's key",
                         v->baseline);
    return ERR_OK;
}

static enum err call(const struct values *v, const char *url, json_t **ret, struct fault *fault)
{
    struct client_options options = {
        .key = v->connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    enum err e = client_call(client, "GET", url, NULL, ret, fault);
    client_free(client);
    return e;
}

static enum err ask(const struct values *v, struct arena *arena, json_t **ret, struct fault *fault)
{
    auto_buf struct buf query = {0};
    buf_add_str(&query, "");
    if (v->phase)
        buf_printf(&query, "?phase=%lld", (long long)v->phase);
    if (v->dimension)
        buf_printf(&query, "%cdimension=%s", query.length ? '&' : '?', v->dimension);
    if (v->baseline)
        buf_printf(&query, "%cbaseline=%s", query.length ? '&' : '?', v->baseline);
    const char *url = connection_desk_url(&v->connection, arena, "/campaigns/%s/results%s",
                                          v->campaign[0], query.data);
    return call(v, url, ret, fault);
}

/* Of totals, and of a campaign that never started, there is none. */
static enum err ask_split(const struct values *v, const json_t *results, struct arena *arena,
                          json_t **ret, struct fault *fault)
{
    const json_int_t phase = json_integer_value(json_object_get(results, "phase"));
    if (phase < 1 || json_is_string(json_object_get(results, "totals")))
        return ERR_OK;
    return call(v,
                connection_desk_url(&v->connection, arena, "/campaigns/%s/split?phase=%lld",
                                    v->campaign[0], (long long)phase),
                ret, fault);
}

int verb_results(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *results = NULL, *split = NULL;
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    if (check(&values, &fault) || ask(&values, arena, &results, &fault))
        return verb_failed(argv[0], &fault);
    if (!values.connection.is_json) {
        if (ask_split(&values, results, arena, &split, &fault))
            return verb_failed(argv[0], &fault);
        results_table_print(results, split, values.dimension, stdout);
        return EXIT_DONE;
    }
    auto_buf struct buf out = {0};
    json_add_value(&out, results);
    puts(out.data);
    return EXIT_DONE;
}
