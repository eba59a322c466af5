// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * THE way from method and path to a handler: one const table a process, searched without
 * allocation. The same row is metric label, access rule and source of the OpenAPI document.
 */
#pragma once

#include "io/http.h"

#define ROUTE_PARAMS 4

struct route;

/* What the path said: params[i] is the i-th {name} of the pattern, percent-decoded, in the
 * request's arena. */
struct route_match {
    const struct route *route;
    const char *params[ROUTE_PARAMS];
};

typedef void route_fn(void *arg, struct http_request *request, const struct route_match *match);

struct route {
    enum http_verb verb; /* a GET row answers HEAD too */
    const char *path;    /* "/api/v1/campaigns/{key}" */
    int role;            /* who may: the caller's own enum */
    size_t body_bytes;   /* largest body; 0: none allowed */
    route_fn *handler;
    const char *summary; /* one line for the API description */
};

/* Finds the row. ERR_NOT_FOUND: no such path. ERR_FORBIDDEN: the path exists but not with this
 * method; ret_allow (>= 96 bytes) then holds the value of the Allow header. ERR_INVALID: a bad
 * escape in the path. On ERR_OK *ret_match is filled. */
enum err route_find(const struct route *routes, size_t count, const struct http_request *request,
                    struct route_match *ret_match, char *ret_allow) must_use;
