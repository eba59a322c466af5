// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * THE way from method and path to a handler: a table a port, searched without allocation. One row
 * says all there is to say of a request: who may, where its key may stand, what it takes and what
 * it answers. Metric labels, access rules, limits and the OpenAPI document (describe.h) are read
 * off it.
 */
#pragma once

#include "base/json/field.h"
#include "base/json/shape.h"
#include "io/http/http.h"
#include "model/role.h"

#define ROUTE_PARAMS 4
/* What route_find needs for the value of an Allow header. */
#define ROUTE_ALLOW_SIZE 96

/* On every reply of both ports: no guessing of types, no address of ours told to others; over TLS,
 * never without it again for a year. */
#define ROUTE_HEADERS     "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n"
#define ROUTE_TLS_HEADERS "Strict-Transport-Security: max-age=31536000\r\n"

struct route;

/* What the path said: params[i] is the i-th {name} of the pattern, percent-decoded, in the
 * request's arena. */
struct route_match {
    const struct route *route;
    const char *params[ROUTE_PARAMS];
};

typedef void route_fn(void *arg, struct http_request *request, const struct route_match *match);

/* Where a key or session may stand, as bits. */
enum route_token {
    ROUTE_TOKEN_HEADER = 1, /* Authorization: Bearer, or X-Mete-Key */
    ROUTE_TOKEN_COOKIE = 2, /* of a person's session */
    ROUTE_TOKEN_URL = 4,    /* ?key=, for public keys alone */
};

/* What a request brings. */
struct route_body {
    size_t bytes;               /* the largest taken; 0: no body */
    const struct field *fields; /* of a JSON object; NULL: free, and may be left out */
    const char *schema;         /* the name of that object in the description; NULL: it has none */
};

/* One way to answer. Errors are problem documents and stand in 'problems' of the route; one that
 * can be a page, too, stands in both. */
struct route_reply {
    int status;
    const char *meaning;
    const char *type;           /* media type; NULL: without a body */
    const struct field *fields; /* of a JSON object; NULL with a JSON type: any object */
    const char *schema;         /* as in struct route_body */
    const struct shape *shape;  /* of a JSON object instead of fields; its name is the schema's */
    bool is_page; /* {"items":[object…],"next":where the next page begins, or null} */
};

/* Bits of the errors that a route answers beside those that follow from the row. */
#define ROUTE_PROBLEM(err) (1u << (err))

struct route {
    enum http_verb verb;       /* a GET row answers HEAD too */
    const char *path;          /* "/api/v1/campaigns/{key}" */
    enum role role;            /* who may; ROLE_NONE: everybody */
    bool is_about_environment; /* its first parameter is an environment's key */
    bool is_own;               /* of who asks, wherever: people need no open environment */
    bool is_sending;           /* of keys those alone that may send events */
    unsigned lane;             /* of the desk: an enum desk_lane (desk_lane.h) */
    unsigned tokens;           /* bits of enum route_token; 0 where nobody is asked for a key */
    struct route_body body;
    const struct field *query; /* parameters, all optional; ends with an empty row; or NULL */
    const struct route_reply *replies; /* ends with an empty row */
    unsigned problems;
    route_fn *handler;
    const void *subject; /* what the handler works on, where several routes share one */
    const char *noted;   /* the action by which the audit log says who asked; or NULL */
    const char *summary; /* one line for the API description */
};

struct route_table {
    const struct route *rows;
    size_t count;
};

/* Finds the row. ERR_NOT_FOUND: no such path. ERR_METHOD: the path exists but not with this
 * method; ret_allow (>= ROUTE_ALLOW_SIZE) then holds the value of the Allow header. ERR_INVALID: a
 * bad escape in the path. On ERR_OK *ret_match is filled. */
enum err route_find(const struct route_table *table, const struct http_request *request,
                    struct route_match *ret_match, char *ret_allow) must_use;

/* Answers a request whose row was not found, with the error and the methods of route_find. */
void route_reply_absent(struct http_request *request, enum err err, const char *allow);
