// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/openapi.h"

#include "api/account.h"
#include "api/audience.h"
#include "api/desk_request.h"
#include "api/distribution.h"
#include "api/export.h"
#include "api/job.h"
#include "api/page.h"
#include "api/plan.h"
#include "api/prove.h"
#include "api/resource.h"
#include "api/resource_change.h"
#include "api/results.h"
#include "api/results_fields.h"
#include "api/session.h"
#include "api/uplift.h"
#include "api/visitor.h"
#include "api/watch_page.h"
#include "engine/prove_job.h"
#include "model/app_user.h"

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

static void add_text(struct buf *b, const char *key, const char *value)
{
    json_add_key(b, key);
    json_add_string(b, value);
}

static void add_reference(struct buf *b, const char *schema)
{
    buf_printf(b, "{\"$ref\":\"#/components/schemas/%s\"}", schema);
}

static void add_parameter(struct buf *b, const char *name, size_t length, const char *in,
                          const char *meaning)
{
    json_add_comma(b);
    buf_add_str(b, "{\"name\":");
    json_add_string_n(b, name, length);
    add_text(b, "in", in);
    buf_printf(b, ",\"required\":%s", strcmp(in, "path") == 0 ? "true" : "false");
    if (meaning)
        add_text(b, "description", meaning);
    buf_add_str(b, ",\"schema\":{\"type\":\"string\"}}");
}

static bool is_list(const struct route *route, const struct resource *resource)
{
    return resource && route->verb == VERB_GET && !strchr(route->path, '{');
}

static bool is_change(const struct route *route, const struct resource *resource)
{
    return resource && resource->change && route->handler == resource_change;
}

static void add_parameters(struct buf *b, const struct route *route,
                           const struct resource *resource)
{
    json_add_key(b, "parameters");
    buf_add_char(b, '[');
    for (const char *at = strchr(route->path, '{'); at; at = strchr(at + 1, '{'))
        add_parameter(b, at + 1, strcspn(at + 1, "}"), "path", NULL);
    if (route->role != ROLE_NONE)
        add_parameter(b, "environment", 11, "query", "key of another environment than one's own");
    if (route->handler == results_show)
        add_parameter(b, "dimension", 9, "query",
                      "device, country or visitor_type: broken down by it");
    if (route->handler == export_read || route->handler == results_show)
        add_parameter(b, "phase", 5, "query", "the number of a phase; the newest when absent");
    if (is_list(route, resource) || route->handler == export_read || route->handler == job_list ||
        route->handler == visitor_events) {
        add_parameter(b, "limit", 5, "query", "how many, 1 to 500; 50 when nothing is said");
        add_parameter(b, "after", 5, "query", "what the page before gave as next");
    }
    if (resource && route->verb != VERB_GET && strchr(route->path, '{'))
        add_parameter(b, "If-Match", 8, "header", "the ETag the change is made for");
    if (is_change(route, resource))
        add_parameter(b, "dry_run", 7, "query",
                      "true: nothing is changed; checks it, and says what would follow: "
                      "{opens_phase, layer_buckets, status}");
    buf_add_char(b, ']');
}

static void add_body(struct buf *b, const struct route *route, const struct resource *resource)
{
    if (!resource || route->body_bytes == 0 || strcmp(resource_action(route), "create") != 0)
        return;
    json_add_key(b, "requestBody");
    buf_add_str(b, "{\"required\":true,\"content\":{\"application/json\":{\"schema\":");
    add_reference(b, resource->noun);
    buf_add_str(b, "}}}");
}

/* What is asked and answered beside resources. */
static const struct free_document {
    route_fn *handler;
    const struct field *body;
    const struct field *reply; /* NULL: an object */
} free_documents[] = {
    {plan_show, plan_fields, plan_reply_fields},
    {prove_start, prove_job_fields, NULL},
    {uplift_list, NULL, uplift_reply_fields},
    {audience_estimate_show, audience_fields, audience_estimate_fields},
    {account_login, app_user_login_fields, NULL},
    {account_change, app_user_account_fields, NULL},
    {session_list, NULL, session_list_fields},
    {visitor_read, NULL, visitor_fields},
    {visitor_events, NULL, visitor_events_fields},
    {visitor_explain, visitor_question_fields, visitor_explain_fields},
    {audience_attributes_show, NULL, audience_attributes_fields},
};

static const struct free_document *free_document_of(const struct route *route)
{
    for (size_t i = 0; i < sizeof(free_documents) / sizeof(free_documents[0]); i++)
        if (free_documents[i].handler == route->handler)
            return &free_documents[i];
    return NULL;
}

/* A patch, or what a move takes. */
static void add_free_body(struct buf *b, const struct route *route, const struct resource *resource)
{
    bool is_creating = resource && !strchr(route->path, '{');
    bool is_patch = route->verb == VERB_PATCH;
    if (route->body_bytes == 0 || is_creating)
        return;
    json_add_key(b, "requestBody");
    buf_printf(b, "{\"required\":%s,\"content\":{\"application/%s\":{\"schema\":",
               is_patch ? "true" : "false", is_patch ? "merge-patch+json" : "json");
    const struct free_document *document = free_document_of(route);
    if (document)
        field_describe(document->body, b);
    else
        buf_add_str(b, "{\"type\":\"object\"}");
    buf_add_str(b, "}}}");
}

/* How what is no resource answers: an object, unless it stands here. Without a type: no body. */
static const struct plain_reply {
    route_fn *handler;
    const char *status;
    const char *content_type;
} plain_replies[] = {
    {page_home, "200", "text/html"},
    {page_asset, "200", "text/javascript"},
    {page_livez, "200", "text/plain"},
    {watch_metrics, "200", "text/plain"},
    {session_login, "303", NULL},
    {session_logout, "204", NULL},
    {session_end, "204", NULL},
    {session_end_all, "204", NULL},
    {account_login, "204", NULL},
    {account_change, "204", NULL},
    {distribution_start, "202", "application/json"},
    {prove_start, "202", "application/json"},
    {job_cancel, "204", NULL},
};

static struct plain_reply plain_reply_of(const struct route *route)
{
    for (size_t i = 0; i < sizeof(plain_replies) / sizeof(plain_replies[0]); i++)
        if (plain_replies[i].handler == route->handler)
            return plain_replies[i];
    return (struct plain_reply){route->handler, "200", "application/json"};
}

/* Answers with something of a resource that is not the resource: its results. */
static bool is_below(const struct route *route)
{
    const char *key = strchr(route->path, '}');
    return route->handler == distribution_start ||
           (route->verb == VERB_GET && key && key[1] == '/');
}

static void add_plain_reply(struct buf *b, const struct route *route)
{
    const struct plain_reply reply = plain_reply_of(route);
    const struct free_document *document = free_document_of(route);
    buf_printf(b, "{\"%s\":{\"description\":\"done\"", reply.status);
    if (route->handler == results_show) {
        buf_add_str(b, ",\"content\":{\"application/json\":{\"schema\":");
        add_reference(b, "results");
        buf_add_str(b, "}}");
    } else if (document && document->reply) {
        buf_add_str(b, ",\"content\":{\"application/json\":{\"schema\":");
        field_describe(document->reply, b);
        buf_add_str(b, "}}");
    } else if (reply.content_type)
        buf_printf(b, ",\"content\":{\"%s\":{\"schema\":{\"type\":\"%s\"}}}", reply.content_type,
                   strcmp(reply.content_type, "application/json") == 0 ? "object" : "string");
}

static void add_resource_reply(struct buf *b, const struct route *route,
                               const struct resource *resource)
{
    bool is_create = route->verb == VERB_POST && !strchr(route->path, '{');
    if (route->verb == VERB_DELETE) {
        buf_add_str(b, "{\"204\":{\"description\":\"done\"");
        return;
    }
    buf_printf(b,
               "{\"%s\":{\"description\":\"done\",\"content\":{\"application/json\":{"
               "\"schema\":",
               is_create ? "201" : "200");
    if (is_list(route, resource))
        buf_printf(b,
                   "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
                   "\"items\":{\"$ref\":\"#/components/schemas/%s\"}},\"next\":{\"type\":"
                   "[\"string\",\"null\"]}}}",
                   resource->noun);
    else
        add_reference(b, resource->noun);
    buf_add_str(b, "}}");
}

static void add_reply(struct buf *b, const struct route *route, const struct resource *resource)
{
    json_add_key(b, "responses");
    if (!resource || is_below(route))
        add_plain_reply(b, route);
    else
        add_resource_reply(b, route, resource);
    buf_add_str(b, "},\"default\":{\"description\":\"refused\",\"content\":"
                   "{\"application/problem+json\":{\"schema\":");
    add_reference(b, "problem");
    buf_add_str(b, "}}}}");
}

static void add_operation(struct buf *b, const struct route *route)
{
    const struct resource *resource = resource_find(route->path);
    json_add_key(b, verb_word(route->verb));
    buf_add_char(b, '{');
    add_text(b, "summary", route->summary);
    if (resource) {
        json_add_key(b, "tags");
        buf_printf(b, "[\"%s\"]", resource->path);
    }
    add_text(b, "x-role", role_name((enum role)route->role));
    json_add_key(b, "security");
    buf_add_str(b, route->role == ROLE_NONE ? "[]" : "[{\"key\":[]},{\"session\":[]}]");
    add_parameters(b, route, resource);
    add_body(b, route, resource);
    add_free_body(b, route, resource);
    add_reply(b, route, resource);
    buf_add_char(b, '}');
}

/* Rows of one path stand together or apart: each path is written where it comes first. */
static bool is_first_of_path(const struct desk_shared *desk, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(desk->routes[i].path, desk->routes[index].path) == 0)
            return false;
    return true;
}

static void add_paths(struct buf *b, const struct desk_shared *desk)
{
    json_add_key(b, "paths");
    buf_add_char(b, '{');
    for (size_t i = 0; i < desk->route_count; i++) {
        if (!is_first_of_path(desk, i))
            continue;
        json_add_key(b, desk->routes[i].path);
        buf_add_char(b, '{');
        for (size_t j = i; j < desk->route_count; j++)
            if (strcmp(desk->routes[j].path, desk->routes[i].path) == 0)
                add_operation(b, &desk->routes[j]);
        buf_add_char(b, '}');
    }
    buf_add_char(b, '}');
}

static void add_schemas(struct buf *b, const struct desk_shared *desk)
{
    static const char problem[] =
        "{\"type\":\"object\",\"required\":[\"status\",\"code\",\"detail\"],\"properties\":{"
        "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
        "\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
        "\"detail\":{\"type\":\"string\",\"description\":\"a sentence for a person\"},"
        "\"pointer\":{\"type\":\"string\",\"description\":\"where in the body (RFC 6901)\"}}}";
    json_add_key(b, "schemas");
    buf_add_str(b, "{\"problem\":");
    buf_add_str(b, problem);
    json_add_key(b, "results");
    field_describe(results_fields, b);
    for (size_t i = 0; i < desk->route_count; i++) {
        const struct resource *resource = resource_find(desk->routes[i].path);
        if (!is_list(&desk->routes[i], resource))
            continue;
        json_add_key(b, resource->noun);
        field_describe(resource->fields, b);
    }
    buf_add_char(b, '}');
}

static void write_document(struct buf *b, const struct desk_shared *desk, const char *cookie)
{
    buf_add_str(b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"mete\",\"version\":\"1\"}");
    json_add_key(b, "servers");
    buf_add_str(b, "[{\"url\":");
    json_add_string(b, desk->public_url && *desk->public_url ? desk->public_url : "/");
    buf_add_str(b, "}]");
    add_paths(b, desk);
    json_add_key(b, "components");
    buf_add_str(b, "{\"securitySchemes\":{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
                   "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":");
    json_add_string(b, cookie);
    buf_add_str(b, "}}");
    add_schemas(b, desk);
    buf_add_str(b, "}}\n");
}

void openapi_read(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    auto_buf struct buf body = {0};
    write_document(&body, r->desk, desk_request_cookie(r));
    desk_reply_json(r, 200, body.data, body.length);
}
