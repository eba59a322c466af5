// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/desk/page.h"

#include "api/route/asset.h"
#include "api/route/desk_request.h"
#include "api/route/problem.h"
#include "base/mem.h"

#include <string.h>

/* Styles may stand in attributes: pictures are drawn with them. Everything else comes from us. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "                    \
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; "        \
    "frame-ancestors 'none'"

static void show_shell(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    const struct asset *shell = asset_find("index.html");
    must(shell);
    http_reply_header(request, "Content-Security-Policy", POLICY);
    asset_reply(request, shell, "no-cache");
}

/* What a share link opens: for who has it, not for who searches. */
static void show_shared(void *arg, struct http_request *request, const struct route_match *match)
{
    http_reply_header(request, "X-Robots-Tag", "noindex");
    show_shell(arg, request, match);
}

static void show_asset(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    const char *path = arena_printf(request->arena, "assets/%s", match->params[0]);
    const struct asset *asset = asset_find(path);
    if (asset)
        asset_reply(request, asset, "public, max-age=31536000, immutable");
    else
        problem_say(request, ERR_NOT_FOUND, "", "there is nothing at this path");
}

static void show_life(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    http_reply(request, 200, "text/plain", "ok", 2);
}

static const struct route_reply shell_replies[] = {
    {.status = 200, .meaning = "the UI", .type = "text/html"},
    {.status = 304, .meaning = "the browser has it"},
    {0},
};
static const struct route_reply asset_replies[] = {
    {.status = 200, .meaning = "the file", .type = "text/javascript"},
    {.status = 200, .meaning = "the file", .type = "text/css"},
    {.status = 304, .meaning = "the browser has it"},
    {0},
};
static const struct route_reply life_replies[] = {
    {.status = 200, .meaning = "it answers", .type = "text/plain"},
    {0},
};

#define SHELL(path_, summary_)                                                                     \
    {                                                                                              \
        .verb = VERB_GET, .path = path_, .replies = shell_replies, .handler = show_shell,          \
        .summary = summary_                                                                        \
    }

const struct route page_routes[] = {
    SHELL("/", "The UI"),
    SHELL("/app/{page}", "A page of the UI"),
    SHELL("/app/{page}/{key}", "The UI's page of one thing"),
    SHELL("/app/{page}/{key}/{view}", "One view of that page"),
    {.verb = VERB_GET,
     .path = "/shared/{token}",
     .replies = shell_replies,
     .handler = show_shared,
     .summary = "The page of a share link: a campaign's results, without signing in"},
    {.verb = VERB_GET,
     .path = "/assets/{file}",
     .replies = asset_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND),
     .handler = show_asset,
     .summary = "A script or style of the UI"},
    {.verb = VERB_GET,
     .path = "/livez",
     .replies = life_replies,
     .handler = show_life,
     .summary = "Whether the process answers"},
    {0},
};
