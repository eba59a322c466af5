// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/prove.h"

#include "api/job.h"
#include "api/problem.h"
#include "engine/prove_job.h"

void prove_start(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct fault fault;
    json_t *read = NULL;
    auto_json json_t *body = desk_request_body(r, false, &fault);
    if (!body || field_read(prove_job_fields, body, &read, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    auto_json json_t *input = read;
    job_start(r, "prove", input);
}
