// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/describe_private.h"

#include "api/route/problem.h"
#include "io/coding/coding.h"
#include "model/role.h"

#include <string.h>

static const char *verb_word(enum http_verb verb)
{
    static const char *const words[] = {
        [VERB_GET] = "get",         [VERB_HEAD] = "head",   [VERB_POST] = "post",
        [VERB_PUT] = "put",         [VERB_PATCH] = "patch", [VERB_DELETE] = "delete",
        [VERB_OPTIONS] = "options", [VERB_OTHER] = "trace",
    };
    return words[verb];
}

static void add_parameter(struct buf *b, const struct field *row, const char *in)
{
    json_add_comma(b);
    buf_add_str(b, "{\"name\":");
    json_add_string(b, row->name);
    describe_add_text(b, "in", in);
    buf_printf(b, ",\"required\":%s", strcmp(in, "path") == 0 ? "true" : "false");
    if (row->meaning)
        describe_add_text(b, "description", row->meaning);
    json_add_key(b, "schema");
    /* a parameter is not null: it is there or not */
    const struct field value = {.kind = row->kind,
                                .min = row->min,
                                .max = row->max,
                                .words = row->words,
                                .initial = row->initial};
    field_describe_row(&value, b);
    buf_add_char(b, '}');
}

static void add_path_parameters(struct buf *b, const char *path)
{
    for (const char *at = strchr(path, '{'); at; at = strchr(at + 1, '{')) {
        char name[64] = "";
        size_t length = strcspn(at + 1, "}");
        memcpy(name, at + 1, length < sizeof(name) ? length : sizeof(name) - 1);
        const struct field row = {.name = name, .kind = FIELD_TEXT};
        add_parameter(b, &row, "path");
    }
}

static void add_query_parameters(struct buf *b, const struct field *rows)
{
    for (const struct field *row = rows; row && row->name; row++)
        add_parameter(b, row, "query");
}

static void add_parameters(struct buf *b, const struct description *d, const struct route *route)
{
    static const struct field match = {
        .name = "If-Match", .kind = FIELD_TEXT, .meaning = "the ETag of what is to be changed"};
    json_add_key(b, "parameters");
    buf_add_char(b, '[');
    add_path_parameters(b, route->path);
    if (route->role != ROLE_NONE)
        add_query_parameters(b, d->query);
    add_query_parameters(b, route->query);
    if (route->problems & ROUTE_PROBLEM(ERR_STALE))
        add_parameter(b, &match, "header");
    buf_add_char(b, ']');
}

static bool has_required(const struct field *fields)
{
    for (const struct field *f = fields; f && f->name; f++)
        if (f->marks & FIELD_REQUIRED)
            return true;
    return false;
}

static void add_body(struct buf *b, const struct route *route)
{
    bool is_patch = route->verb == VERB_PATCH;
    const struct route_body *body = &route->body;
    if (body->bytes == 0)
        return;
    describe_begin_object(b, "requestBody");
    buf_printf(b, "\"required\":%s", is_patch || has_required(body->fields) ? "true" : "false");
    buf_printf(b, ",\"x-bytes\":%zu", body->bytes);
    describe_add_text(b, "description",
                      "May come compressed (Content-Encoding: " CODING_NAMES "); x-bytes is the "
                      "most in either form.");
    describe_begin_content(b, is_patch ? DESCRIBE_MERGE_PATCH : DESCRIBE_JSON);
    describe_add_object(b, body->schema, body->fields);
    buf_add_str(b, "}}}");
}

/* "/api/v1/campaigns/{key}" is about campaigns. */
static void add_tag(struct buf *b, const char *path)
{
    const char *version = strstr(path, "/v1/");
    if (!version)
        return;
    json_add_key(b, "tags");
    buf_add_char(b, '[');
    json_add_string_n(b, version + 4, strcspn(version + 4, "/"));
    buf_add_char(b, ']');
}

static const struct scheme {
    enum route_token token;
    const char *name;
    const char *definition;
} schemes[] = {
    {ROUTE_TOKEN_HEADER, "key", "{\"type\":\"http\",\"scheme\":\"bearer\"}"},
    {ROUTE_TOKEN_HEADER, "key_header",
     "{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-Mete-Key\"}"},
    {ROUTE_TOKEN_URL, "key_in_url", "{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"key\"}"},
};
#define SCHEMES (sizeof(schemes) / sizeof(schemes[0]))

static void add_security(struct buf *b, const struct route *route)
{
    json_add_key(b, "security");
    buf_add_char(b, '[');
    for (size_t i = 0; i < SCHEMES; i++) {
        if (!(route->tokens & schemes[i].token))
            continue;
        json_add_comma(b);
        buf_printf(b, "{\"%s\":[]}", schemes[i].name);
    }
    if (route->tokens & ROUTE_TOKEN_COOKIE) {
        json_add_comma(b);
        buf_add_str(b, "{\"session\":[]}");
    }
    buf_add_char(b, ']');
}

static void add_operation(struct buf *b, const struct description *d, const struct route *route)
{
    describe_begin_object(b, verb_word(route->verb));
    describe_add_text(b, "summary", route->summary);
    add_tag(b, route->path);
    describe_add_text(b, "x-role", role_name(route->role));
    add_security(b, route);
    add_parameters(b, d, route);
    add_body(b, route);
    describe_responses(b, d, route);
    buf_add_char(b, '}');
}

/* Rows of one path stand together or apart: each path is written where it comes first. */
static bool is_first_of_path(const struct route_table *table, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(table->rows[i].path, table->rows[index].path) == 0)
            return false;
    return true;
}

static void add_paths(struct buf *b, const struct description *d)
{
    const struct route *rows = d->table.rows;
    describe_begin_object(b, "paths");
    for (size_t i = 0; i < d->table.count; i++) {
        if (!is_first_of_path(&d->table, i))
            continue;
        describe_begin_object(b, rows[i].path);
        for (size_t j = i; j < d->table.count; j++)
            if (strcmp(rows[j].path, rows[i].path) == 0)
                add_operation(b, d, &rows[j]);
        buf_add_char(b, '}');
    }
    buf_add_char(b, '}');
}

/* Does a row before this reply's name the schema already? Names stand for the same fields. */
static bool is_named_before(const struct description *d, const struct route *row,
                            const struct route_reply *at)
{
    for (const struct route *route = d->table.rows; route <= row; route++)
        for (const struct route_reply *r = route->replies; r && r->status && r != at; r++)
            if (r->schema && strcmp(r->schema, at->schema) == 0)
                return true;
    return false;
}

static void add_schemas_of(struct buf *b, const struct description *d, const struct route *route)
{
    for (const struct route_reply *r = route->replies; r && r->status; r++) {
        if (r->shape)
            shape_describe(r->shape, "#/components/schemas/", b);
        if (!r->schema || is_named_before(d, route, r))
            continue;
        json_add_key(b, r->schema);
        field_describe(r->fields, b);
    }
}

static void add_components(struct buf *b, const struct description *d)
{
    describe_begin_object(b, "components");
    buf_add_str(b, "\"securitySchemes\":{");
    for (size_t i = 0; i < SCHEMES; i++) {
        json_add_key(b, schemes[i].name);
        buf_add_str(b, schemes[i].definition);
    }
    if (d->cookie) {
        describe_begin_object(b, "session");
        buf_add_str(b, "\"type\":\"apiKey\",\"in\":\"cookie\"");
        describe_add_text(b, "name", d->cookie);
        buf_add_char(b, '}');
    }
    buf_add_str(b, "},\"schemas\":{\"problem\":");
    field_describe(problem_fields, b);
    for (size_t i = 0; i < d->table.count; i++)
        add_schemas_of(b, d, &d->table.rows[i]);
    buf_add_str(b, "}}");
}

void describe(const struct description *d, struct buf *out)
{
    buf_add_str(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":");
    json_add_string(out, d->title);
    buf_add_str(out, ",\"version\":\"1\"},\"servers\":[{\"url\":");
    json_add_string(out, d->server);
    buf_add_str(out, "}]");
    add_paths(out, d);
    add_components(out, d);
    buf_add_str(out, "}\n");
}
