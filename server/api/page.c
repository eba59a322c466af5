// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/page.h"

#include "api/asset.h"
#include "api/desk_request.h"
#include "api/problem.h"
#include "base/mem.h"

#include <string.h>

/* Styles may stand in attributes: pictures are drawn with them. Everything else comes from us. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "                    \
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; "        \
    "frame-ancestors 'none'"

void page_home(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    const struct asset *shell = asset_find("index.html");
    must(shell);
    http_reply_header(request, "Content-Security-Policy", POLICY);
    http_reply_header(request, "Referrer-Policy", "same-origin");
    asset_reply(request, shell, "no-cache");
}

void page_asset(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    const char *path = arena_printf(request->arena, "assets/%s", match->params[0]);
    const struct asset *asset = asset_find(path);
    if (asset)
        asset_reply(request, asset, "public, max-age=31536000, immutable");
    else
        problem_say(request, ERR_NOT_FOUND, "", "there is nothing at this path");
}

void page_livez(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    http_reply(request, 200, "text/plain", "ok", 2);
}
