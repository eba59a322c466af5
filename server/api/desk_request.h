// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One request at the desk, as its handlers see it: who asks, about which environment, and what they
 * answer with. Handlers of the desk's route table get it as their 'arg'; it lives as long as the
 * HTTP request.
 */
#pragma once

#include "base/text.h"
#include "engine/access.h"
#include "io/http.h"
#include "io/loop.h"
#include "io/pg.h"
#include "io/route.h"

#include <jansson.h>

struct change_run;
struct counter_page;
struct audience;
struct backlog;
struct guard;
struct password;
struct snapshot_now;

/* Changes of one desk, one at a time: a change reads, checks and writes, and would only have to
 * read again if another came in between. Other desks are kept apart by the environment's clock. */
struct change_queue {
    struct change_run *first; /* in work */
    struct change_run *last;
    bool is_ended; /* see change_queue_end */
};

/* What the desk's handlers share. */
struct desk_shared {
    struct loop *loop;
    struct pg *pg;
    struct access *access;
    struct change_queue *changes; /* see resource_change.c */
    const struct route *routes;
    size_t route_count;
    const char *public_url; /* or NULL */
    const char *metrics_token;
    struct counter_page *counters;
    struct audience *audience;
    struct backlog *backlog;
    struct guard *guard;
    struct password *password;
    struct snapshot_now *snapshot_now;
};

struct desk_request {
    const struct desk_shared *desk;
    struct http_request *http;
    struct route_match match;
    enum access_kind kind;
    bool is_new_to_us;           /* the database has to be asked about the token */
    const char *token;           /* NULL: none was sent */
    struct access_holder holder; /* empty on public routes */
    int64_t environment_id;      /* the chosen one; 0 on public routes */
};

/* The key or session a request carries, into kind and token. */
void desk_request_find_token(struct desk_request *r);

/* Does the browser speak TLS, here or to a proxy that we believe? */
bool desk_request_is_tls(const struct desk_request *r);
/* What the session's cookie is called. Over TLS, with a prefix that keeps other hosts of the domain
 * and plain connections from setting it; another name is then not taken. */
const char *desk_request_cookie(const struct desk_request *r);

/* "key:12" or "user:3", in the request's arena: who stands in the audit log. */
const char *desk_request_actor(const struct desk_request *r);

/* The body as a JSON object: a new reference, or NULL with *ret_fault set. An empty body is an
 * empty object where 'is_optional'. */
json_t *desk_request_body(const struct desk_request *r, bool is_optional, struct fault *ret_fault);

/* ?limit=, 1 to 500, 50 when absent. */
enum err desk_request_limit(const struct desk_request *r, int *ret_limit,
                            struct fault *ret_fault) must_use;

/* Closes a page that began with {"items":[ : 'next' is where the following one begins, NULL: there
 * is none. */
void desk_page_close(struct buf *page, const char *next);
/* Replies with JSON that no cache keeps. */
void desk_reply_json(struct desk_request *r, int status, const char *body, size_t length);
/* Replies with the problem that a failed statement stands for. */
void desk_reply_failed(struct desk_request *r, const struct pg_answer *answer);
