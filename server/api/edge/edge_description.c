// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"

#include "api/route/describe.h"

/* What every route behind a key answers beside: without a snapshot nobody is known. */
#define PROBLEMS                                                                                   \
    (ROUTE_PROBLEM(ERR_INVALID) | ROUTE_PROBLEM(ERR_LIMITED) | ROUTE_PROBLEM(ERR_UNAVAILABLE))

/* It is the same for everybody, and made when somebody first asks. */
void edge_description(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct edge *e = arg;
    const struct description description = {
        .title = "mete, the edge", .server = "/", .table = e->routes, .problems = PROBLEMS};
    if (e->description.length == 0)
        describe(&description, &e->description);
    http_reply_header(request, "Cache-Control", "public, max-age=300");
    http_reply(request, 200, "application/json", e->description.data, e->description.length);
}
