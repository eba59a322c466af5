// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/distribution.h"

#include "api/desk_request.h"
#include "api/problem.h"
#include "base/json.h"
#include "io/row.h"
#include "sql/queries.h"

static void on_start(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    if (row_count(answer->result) == 0) {
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no such campaign");
        return;
    }
    const char *view = row_text(answer->result, 0, 1);
    http_reply_header(
        r->http, "Location",
        arena_printf(r->http->arena, "/api/v1/jobs/%s", row_text(answer->result, 0, 0)));
    desk_reply_json(r, 202, view, strlen(view));
}

void distribution_start(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct pg_params params = {.arena = request->arena};
    struct fault fault;
    auto_json json_t *body = desk_request_body(r, true, &fault);
    if (!body) {
        problem_reply(request, &fault);
        return;
    }
    if (json_object_size(body) > 0) {
        problem_say(request, ERR_INVALID, "", "this request has no settings");
        return;
    }
    pg_param_int(&params, r->environment_id);
    pg_param_text(&params, match->params[0]);
    pg_param_text(&params, desk_request_actor(r));
    pg_send(r->desk->pg, QUERY_DISTRIBUTION_START, &params, on_start, r);
}
