// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/resource_read.h"

#include "api/problem.h"
#include "api/resource.h"
#include "api/resource_reply.h"
#include "base/mem.h"
#include "io/row.h"

static void add_item(struct buf *body, const struct resource *resource, const char *text)
{
    auto_json json_t *view = resource_parse(text);
    json_add_comma(body);
    field_write(resource->fields, view, body);
}

/* One more row than asked for was read: whether it is there tells whether there is a next page. */
static void write_page(struct buf *body, const struct resource *resource, const PGresult *result,
                       int limit)
{
    int count = row_count(result) > limit ? limit : row_count(result);
    buf_add_str(body, "{\"items\":[");
    for (int row = 0; row < count; row++)
        add_item(body, resource, config_list_view(result, row));
    desk_page_close(body, row_count(result) > limit ? config_list_key(result, count - 1) : NULL);
}

static void on_list(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    struct fault fault;
    int limit;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    auto_buf struct buf body = {0};
    must(desk_request_limit(r, &limit, &fault) == ERR_OK);
    write_page(&body, resource_find(r->match.route->path), answer->result, limit);
    desk_reply_json(r, 200, body.data, body.length);
}

static void send_list(struct desk_request *r, const struct resource *resource, const char *after,
                      int limit)
{
    const struct config_query query = {
        .kind = resource->kind,
        .environment_id = resource_scope(resource, r),
        .key = after,
        .limit = limit,
    };
    config_send_list(r->desk->pg, &query, on_list, r);
}

void resource_list(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    const struct resource *resource = resource_find(match->route->path);
    struct fault fault;
    int limit;
    enum err e = desk_request_limit(r, &limit, &fault);
    if (e) {
        problem_reply(request, &fault);
        return;
    }
    const char *after = http_query(request, "after", &e);
    if (e)
        problem_say(request, e, "", "the parameter after is not well formed");
    else
        send_list(r, resource, after, limit + 1);
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    const struct resource *resource = resource_find(r->match.route->path);
    struct config_row row;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    config_read(answer->result, &row);
    if (!row.is_there) {
        resource_reply_absent(r, resource);
        return;
    }
    auto_json json_t *view = resource_parse(row.view);
    resource_reply(r, resource, 200, view, row.version, NULL);
}

void resource_read(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    struct desk_request *r = arg;
    const struct resource *resource = resource_find(match->route->path);
    const struct config_query query = {
        .kind = resource->kind,
        .environment_id = resource_scope(resource, r),
        .key = match->params[0],
    };
    config_send_read(r->desk->pg, &query, on_read, r);
}
