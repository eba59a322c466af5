// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/distribution.h"

#include "api/report/job.h"
#include "api/route/desk_request.h"
#include "api/route/problem.h"
#include "base/json/json.h"
#include "store/fold/distribution.h"

static void on_start(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    struct job_view job;
    if (!answer->result)
        desk_reply_failed(r, answer);
    else if (!job_read_view(answer->result, &job))
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no such campaign");
    else
        job_reply_started(r, &job);
}

static void start(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
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
    distribution_send_start(r->pg, r->environment_id, match->params[0], desk_request_actor(r),
                            on_start, r);
}

const struct route distribution_routes[] = {
    {.verb = VERB_POST,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/campaigns/{key}/distribution",
     .role = ROLE_EDITOR,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 10},
     .replies = job_start_replies,
     .problems =
         ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_CONFLICT) | ROUTE_PROBLEM(ERR_LIMITED),
     .handler = start,
     .summary = "Begins a job that works out quantiles, capped sums and ranks of the results"},
    {0},
};
