// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/resource/resource_read.h"

#include "api/resource/resource.h"
#include "api/resource/resource_reply.h"
#include "api/route/desk_page.h"
#include "store/config/environment.h"

static const struct resource_step *step_of(const struct desk_request *r)
{
    return r->match.route->subject;
}

static void add_view(const void *arg, const char *item, struct buf *out)
{
    const struct resource *resource = arg;
    auto_json json_t *view = resource_parse(item);
    field_write(resource->fields, view, out);
}

static void on_list(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (answer->result)
        desk_page_reply(r, answer->result, add_view, step_of(r)->resource);
    else
        desk_reply_failed(r, answer);
}

void resource_list(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    const struct resource_step *step = step_of(r);
    struct desk_page page;
    if (!desk_page_read(r, &page))
        return;
    const struct config_query query = {
        .statements = &step->statements,
        .environment_id = resource_scope(step->resource, r),
        .key = page.after,
        .rows = page.rows,
    };
    if (step->resource->is_environment && r->holder.is_user)
        environment_send_list_open(r->pg, r->holder.id, page.after, page.rows, on_list, r);
    else
        config_send_list(r->pg, &query, on_list, r);
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    const struct resource *resource = step_of(r)->resource;
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
    if (view)
        resource_reply(r, resource, 200, view, row.version, NULL);
    else
        resource_reply_unreadable(r, resource);
}

void resource_read(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    struct desk_request *r = arg;
    const struct resource_step *step = step_of(r);
    const struct config_query query = {
        .statements = &step->statements,
        .environment_id = resource_scope(step->resource, r),
        .key = match->params[0],
    };
    config_send_read(r->pg, &query, on_read, r);
}
