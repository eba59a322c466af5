// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Files that the program carries in itself: the UI and the browser SDK, bundled when it was built
 * (web-ui/embed.mjs writes the table). Each is kept plain, by gzip and by brotli; the reply takes
 * the smallest form that the browser understands.
 */
#pragma once

#include "io/http/http.h"

enum asset_form { ASSET_PLAIN, ASSET_GZIP, ASSET_BROTLI, ASSET_FORM_COUNT };

struct asset {
    const char *path; /* "assets/app-XYZ.js", without a slash before */
    const char *type; /* media type */
    const char *etag; /* with its quotes */
    struct {
        const char *bytes;
        size_t length;
    } forms[ASSET_FORM_COUNT];
};

extern const struct asset web_assets[];
extern const size_t web_asset_count;

/* The asset of this path, or NULL. */
const struct asset *asset_find(const char *path);

/* Replies with it: 200, or 304 when the browser has it. 'cache_control' is the header's value. */
void asset_reply(struct http_request *request, const struct asset *asset,
                 const char *cache_control);
