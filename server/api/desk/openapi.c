// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/desk/openapi.h"

#include "api/route/describe.h"
#include "api/route/desk_request.h"

/* Every route behind a key or session takes and answers these: see desk.c. */
static const struct field query[] = {
    {.name = "environment",
     .kind = FIELD_KEY,
     .meaning = "of which is asked; that of the key, or the first one, when absent"},
    {0},
};
#define PROBLEMS                                                                                   \
    (ROUTE_PROBLEM(ERR_INVALID) | ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_CONFLICT) |     \
     ROUTE_PROBLEM(ERR_UNAVAILABLE) | ROUTE_PROBLEM(ERR_INTERNAL))

static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    const char *url = r->desk->public_url;
    auto_buf struct buf body = {0};
    const struct description description = {.title = "mete, the desk",
                                            .server = url && *url ? url : "/",
                                            .cookie = desk_request_cookie(r),
                                            .table = *r->desk->routes,
                                            .query = query,
                                            .problems = PROBLEMS};
    describe(&description, &body);
    desk_reply_json(r, 200, body.data, body.length);
}

static const struct route_reply replies[] = {
    {.status = 200, .meaning = "this description", .type = "application/json"},
    {0},
};

const struct route openapi_routes[] = {
    {.verb = VERB_GET,
     .path = DESK_API "/openapi.json",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .replies = replies,
     .handler = show,
     .summary = "This description"},
    {0},
};
