// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/asset.h"

#include "api/route/accept.h"

#include <string.h>

const struct asset *asset_find(const char *path)
{
    for (size_t i = 0; i < web_asset_count; i++) {
        if (strcmp(web_assets[i].path, path) == 0)
            return &web_assets[i];
    }
    return NULL;
}

static enum asset_form choose_form(const struct http_request *request)
{
    static const char *const codings[] = {"br", "gzip"};
    static const enum asset_form forms[] = {ASSET_BROTLI, ASSET_GZIP, ASSET_PLAIN};
    return forms[accept_coding(http_header(request, "accept-encoding"), codings, 2)];
}

void asset_reply(struct http_request *request, const struct asset *asset, const char *cache_control)
{
    static const char *const codings[] = {NULL, "gzip", "br"};
    enum asset_form form = choose_form(request);
    const char *known = http_header(request, "if-none-match");
    http_reply_header(request, "Cache-Control", cache_control);
    http_reply_header(request, "ETag", asset->etag);
    http_reply_header(request, "Vary", "Accept-Encoding");
    if (known && strstr(known, asset->etag)) {
        http_reply(request, 304, NULL, "", 0);
        return;
    }
    if (codings[form])
        http_reply_header(request, "Content-Encoding", codings[form]);
    http_reply(request, 200, asset->type, asset->forms[form].bytes, asset->forms[form].length);
}
