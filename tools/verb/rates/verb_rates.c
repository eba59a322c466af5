// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/cli/client.h"
#include "tools/cli/mete.h"
#include "tools/cli/table.h"
#include "tools/cli/verb.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_US (60 * INT64_C(1000000))
/* What the server takes, with room for what JSON escapes. */
#define FILE_BYTES (3u << 20)

struct values {
    struct connection connection;
    const char *file, *base, *remove, *from, *to, *currency;
};

static const struct option_row rows[] = {
    {"import", OPTION_TEXT, offsetof(struct values, file), 0, 0, "FILE",
     "put the rates of a file in: eurofxref of the ECB as CSV or XML, or CSV with the columns day, "
     "currency, rate"},
    {"base", OPTION_TEXT, offsetof(struct values, base), 0, 0, "CURRENCY",
     "what the file's rates count in, where it does not say so"},
    {"currency", OPTION_TEXT, offsetof(struct values, currency), 0, 0, "CURRENCY",
     "list the rates of this currency"},
    {"delete", OPTION_TEXT, offsetof(struct values, remove), 0, 0, "CURRENCY",
     "take the rates of this currency out"},
    {"from", OPTION_TEXT, offsetof(struct values, from), 0, 0, "DAY", "the first day of these"},
    {"to", OPTION_TEXT, offsetof(struct values, to), 0, 0, "DAY", "the last day of these"},
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

static enum err read_file(const char *path, struct buf *b, struct fault *fault)
{
    FILE *file = fopen(path, "rb");
    char part[65536];
    size_t count;
    if (!file)
        return fault_set(fault, ERR_INVALID, "", "%s: %s", path, strerror(errno));
    while ((count = fread(part, 1, sizeof(part), file)) > 0 && b->length <= FILE_BYTES)
        buf_add(b, part, count);
    bool is_bad = ferror(file);
    fclose(file);
    if (is_bad)
        return fault_set(fault, ERR_INVALID, "", "%s: it cannot be read", path);
    if (b->length > FILE_BYTES)
        return fault_set(fault, ERR_INVALID, "",
                         "%s is larger than 3 MB: take the CSV, or the file of the last 90 days",
                         path);
    if (!text_is_utf8(b->data ? b->data : "", b->length))
        return fault_set(fault, ERR_INVALID, "", "%s is no text in UTF-8", path);
    return ERR_OK;
}

static void print_json(const json_t *value)
{
    auto_buf struct buf out = {0};
    json_add_value(&out, value);
    puts(out.data);
}

static long long count_at(const json_t *object, const char *name)
{
    return (long long)json_integer_value(json_object_get(object, name));
}

static enum err import(struct client *client, const struct values *v, struct arena *arena,
                       struct fault *fault)
{
    auto_buf struct buf text = {0}, body = {0};
    auto_json json_t *reply = NULL;
    enum err e = read_file(v->file, &text, fault);
    if (e)
        return e;
    auto_json json_t *wish =
        json_pack("{s:s%, s:s?}", "file", text.data ? text.data : "", text.length, "base", v->base);
    must(wish);
    json_add_value(&body, wish);
    e = client_call(client, "PUT", connection_desk_url(&v->connection, arena, "/currency-rates"),
                    body.data, &reply, fault);
    if (e)
        return e;
    if (v->connection.is_json) {
        print_json(reply);
        return ERR_OK;
    }
    printf("%lld rates, %lld of them new or others than before\n", count_at(reply, "rate_count"),
           count_at(reply, "changed_count"));
    if (count_at(reply, "unknown_count") > 0)
        printf("%lld left out: of currencies that are not in use\n",
               count_at(reply, "unknown_count"));
    if (count_at(reply, "unused_count") > 0)
        printf("%lld left out: of days without a rate of the environment's currency\n",
               count_at(reply, "unused_count"));
    return ERR_OK;
}

static enum err take_out(struct client *client, const struct values *v, struct arena *arena,
                         struct fault *fault)
{
    auto_json json_t *reply = NULL;
    char *code = client_escape(v->remove), *from = client_escape(v->from ? v->from : ""),
         *to = client_escape(v->to ? v->to : "");
    const char *url =
        connection_desk_url(&v->connection, arena, "/currency-rates?currency=%s%s%s%s%s", code,
                            v->from ? "&from=" : "", from, v->to ? "&to=" : "", to);
    enum err e = client_call(client, "DELETE", url, NULL, &reply, fault);
    mem_free(code);
    mem_free(from);
    mem_free(to);
    if (e)
        return e;
    if (v->connection.is_json)
        print_json(reply);
    else
        printf("%lld rates were taken out\n", count_at(reply, "deleted_count"));
    return ERR_OK;
}

static void print_currencies(const json_t *list)
{
    static const char *const heads[] = {"currency", "first day", "last day", "days",
                                        "visitors who named it"};
    struct table t = {0};
    const json_t *items = json_object_get(list, "currencies");
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        table_cell(&t, "%s", heads[i]);
    table_row(&t);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        table_cell(&t, "%s", json_text_or(one, "currency", ""));
        table_cell(&t, "%s", json_text_or(one, "first_day", "no rate"));
        table_cell(&t, "%s", json_text_or(one, "last_day", ""));
        table_cell(&t, "%lld", count_at(one, "rate_count"));
        table_cell(&t, "%lld", count_at(one, "visitor_count"));
        table_row(&t);
    }
    table_print(&t, 0, stdout);
}

static void print_rates(const json_t *list)
{
    struct table t = {0};
    const json_t *items = json_object_get(list, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        table_cell(&t, "%s", json_text_or(one, "day", ""));
        table_cell(&t, "1 %s", json_text_or(one, "base", ""));
        table_cell(&t, "%s %s", json_text_or(one, "rate", ""), json_text_or(one, "currency", ""));
        table_cell(&t, "%s %s", json_text_or(one, "own_rate", ""),
                   json_text_or(list, "currency", ""));
        table_row(&t);
    }
    table_print(&t, 0, stdout);
}

static enum err list(struct client *client, const struct values *v, struct arena *arena,
                     struct fault *fault)
{
    auto_json json_t *reply = NULL;
    char *code = client_escape(v->currency ? v->currency : "");
    const char *url = connection_desk_url(&v->connection, arena, "/currency-rates?limit=1000%s%s",
                                          v->currency ? "&currency=" : "", code);
    enum err e = client_call(client, "GET", url, NULL, &reply, fault);
    mem_free(code);
    if (e)
        return e;
    if (v->connection.is_json)
        print_json(reply);
    else if (v->currency)
        print_rates(reply);
    else if (json_array_size(json_object_get(reply, "currencies")) == 0)
        puts("no rates, and nobody needs any");
    else
        print_currencies(reply);
    return ERR_OK;
}

static enum err run(struct client *client, const struct values *v, struct arena *arena,
                    struct fault *fault)
{
    if (v->file && v->remove)
        return fault_set(fault, ERR_INVALID, "", "either --import or --delete");
    if ((v->from || v->to) && !v->remove)
        return fault_set(fault, ERR_INVALID, "", "--from and --to go with --delete");
    if (v->base && !v->file)
        return fault_set(fault, ERR_INVALID, "", "--base goes with --import");
    if (v->file)
        return import(client, v, arena, fault);
    return v->remove ? take_out(client, v, arena, fault) : list(client, v, arena, fault);
}

int verb_rates(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    int status;
    if (!verb_begin(&table, argc, argv, &values, arena, &status))
        return status;
    struct client_options options = {
        .key = values.connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    enum err e = run(client, &values, arena, &fault);
    client_free(client);
    return e ? verb_failed(argv[0], &fault) : EXIT_DONE;
}
