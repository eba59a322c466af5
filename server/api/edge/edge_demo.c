// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"
#include "api/route/asset.h"
#include "api/route/problem.h"

#include <string.h>

/* What a careful site allows: the SDK needs no more. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "connect-src 'self'; base-uri 'none'; form-action 'self'"

/* The page with the shop's own client key in its snippet. */
static void reply_page(const struct edge *e, struct http_request *request,
                       const struct asset *asset)
{
    static const char mark[] = "{client_key}";
    const char *page = asset->forms[ASSET_PLAIN].bytes;
    size_t length = asset->forms[ASSET_PLAIN].length;
    const char *at = memmem(page, length, mark, strlen(mark));
    auto_buf struct buf out = {0};
    if (at) {
        buf_add(&out, page, (size_t)(at - page));
        buf_add_str(&out, e->options.demo_key);
        length -= (size_t)(at - page) + strlen(mark);
        page = at + strlen(mark);
    }
    buf_add(&out, page, length);
    http_reply_header(request, "Cache-Control", "no-cache");
    http_reply_header(request, "Content-Security-Policy", POLICY);
    http_reply(request, 200, asset->type, out.data, out.length);
}

/* "/demo/cart" is the page demo/cart.html; scripts, styles and pictures go by their whole names. */
void edge_demo(void *arg, struct http_request *request, const struct route_match *match)
{
    const struct edge *e = arg;
    const char *name = match->params[0] ? match->params[0] : "index";
    const struct asset *page = asset_find(arena_printf(request->arena, "demo/%s.html", name));
    const struct asset *file = asset_find(arena_printf(request->arena, "demo/%s", name));
    if (!e->options.demo_key[0] || (!page && !file))
        problem_say(request, ERR_NOT_FOUND, "", "there is nothing at this path");
    else if (page)
        reply_page(e, request, page);
    else
        asset_reply(request, file, "public, max-age=300");
}
