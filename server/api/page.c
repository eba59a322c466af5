// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/page.h"

#include "api/desk_request.h"
#include "api/problem.h"

#include <string.h>

#define HEAD                                                                                       \
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"                              \
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>mete</title>\n"               \
    "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:4rem auto;"             \
    "padding:0 1rem}</style>\n<h1>mete</h1>\n"

static const char welcome[] =
    HEAD "<p>mete allots variants to visitors, and measures what they change.</p>\n"
         "<ul>\n<li><a href=\"/api/v1/campaigns\">Campaigns</a></li>\n"
         "<li><a href=\"/api/v1/metrics\">Metrics</a></li>\n"
         "<li><a href=\"/api/v1/audit\">Changes</a></li>\n"
         "<li><a href=\"/api/v1/openapi.json\">The API, described (OpenAPI 3.1)</a></li>\n</ul>\n";

static const char stranger[] =
    HEAD "<p>You are not signed in. <code>mete login-link</code> on the server prints a link that "
         "works once.</p>\n";

static void reply_page(struct http_request *request, int status, const char *page)
{
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply_header(request, "X-Content-Type-Options", "nosniff");
    http_reply_header(request, "Content-Security-Policy",
                      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    http_reply(request, status, "text/html; charset=utf-8", page, strlen(page));
}

static void on_holder(void *arg, enum err e, const struct access_holder *holder)
{
    struct desk_request *r = arg;
    (void)holder;
    if (e == ERR_OK)
        reply_page(r->http, 200, welcome);
    else if (e == ERR_UNAUTHORIZED)
        reply_page(r->http, 401, stranger);
    else
        problem_say(r->http, ERR_UNAVAILABLE, "", "the database cannot be reached: try again");
}

void page_home(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    desk_request_find_token(r);
    if (r->token && r->kind == ACCESS_SESSION)
        access_find(r->desk->access, ACCESS_SESSION, r->token, on_holder, r);
    else
        reply_page(request, 401, stranger);
}

void page_livez(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    http_reply(request, 200, "text/plain", "ok", 2);
}

void page_readyz(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    static const char ready[] = "{\"status\":\"ready\"}\n";
    if (pg_is_up(r->desk->pg))
        desk_reply_json(r, 200, ready, strlen(ready));
    else
        problem_say(request, ERR_UNAVAILABLE, "", "the database cannot be reached");
}
