// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/prove.h"

#include "api/report/job.h"
#include "engine/job/prove_job.h"

static void start(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    auto_json json_t *input = desk_request_fields(r, false, prove_job_fields);
    if (!input)
        return;
    job_start(r, "prove", input);
}

const struct route prove_routes[] = {
    {.verb = VERB_POST,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/prove",
     .role = ROLE_EDITOR,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 10, .fields = prove_job_fields},
     .replies = job_start_replies,
     .problems = ROUTE_PROBLEM(ERR_LIMITED),
     .handler = start,
     .summary = "Starts a job that tries a campaign's tests on its own visitors"},
    {0},
};
