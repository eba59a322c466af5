// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/asset.h"

#include <string.h>
#include <strings.h>

const struct asset *asset_find(const char *path)
{
    for (size_t i = 0; i < web_asset_count; i++) {
        if (strcmp(web_assets[i].path, path) == 0)
            return &web_assets[i];
    }
    return NULL;
}

/* Does "gzip, br;q=0.5" take this coding? A coding with the weight 0 is refused. */
static bool takes(const char *accepted, const char *coding)
{
    size_t length = strlen(coding);
    for (const char *at = accepted; at; at = strchr(at, ',')) {
        at += strspn(at, ", \t");
        if (strncasecmp(at, coding, length) != 0)
            continue;
        const char *after = at + length + strspn(at + length, " \t");
        if (*after == '\0' || *after == ',')
            return true;
        if (*after == ';')
            return strncmp(after + strcspn(after, "="), "=0", 2) != 0 ||
                   strncmp(after + strcspn(after, "="), "=0.", 3) == 0;
    }
    return false;
}

static enum asset_form choose_form(const struct http_request *request)
{
    const char *accepted = http_header(request, "accept-encoding");
    if (takes(accepted, "br"))
        return ASSET_BROTLI;
    return takes(accepted, "gzip") ? ASSET_GZIP : ASSET_PLAIN;
}

void asset_reply(struct http_request *request, const struct asset *asset, const char *cache_control)
{
    static const char *const codings[] = {NULL, "gzip", "br"};
    enum asset_form form = choose_form(request);
    const char *known = http_header(request, "if-none-match");
    http_reply_header(request, "Cache-Control", cache_control);
    http_reply_header(request, "ETag", asset->etag);
    http_reply_header(request, "Vary", "Accept-Encoding");
    http_reply_header(request, "X-Content-Type-Options", "nosniff");
    if (known && strstr(known, asset->etag)) {
        http_reply(request, 304, NULL, "", 0);
        return;
    }
    if (codings[form])
        http_reply_header(request, "Content-Encoding", codings[form]);
    http_reply(request, 200, asset->type, asset->forms[form].bytes, asset->forms[form].length);
}
