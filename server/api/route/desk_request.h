// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One request at the desk, as its handlers see it: who asks, about which environment, and what they
 * answer with. Handlers of the desk's route table get it as their 'arg'; it lives as long as the
 * HTTP request.
 */
#pragma once

#include "api/route/desk_lane.h"
#include "api/route/route.h"
#include "base/text.h"
#include "engine/access/access.h"
#include "io/http/http.h"
#include "io/net/loop.h"
#include "io/pg/pg.h"

#include <jansson.h>

/* Where the paths of the admin API begin. */
#define DESK_API "/api/v1"
/* Where the desk looks for a key or session. */
#define DESK_TOKENS (ROUTE_TOKEN_HEADER | ROUTE_TOKEN_COOKIE)

struct change_run;
struct description;
struct access_log;
struct audience;
struct backlog;
struct guard;
struct host_names;
struct password;
struct provider;
struct snapshot_now;
struct thread_pool;
struct turn_queue;
struct watch;

/* Changes of one desk, one at a time: a change reads, checks and writes, and would only have to
 * read again if another came in between. Other desks are kept apart by the environment's clock. */
struct change_queue {
    struct change_run *first; /* in work */
    struct change_run *last;
    bool is_ended; /* see change_queue_end */
};

/* What whoever has a share link keeps the desk at work with: bounded, and on a thread of its own,
 * so that those who are signed in never wait for it. */
struct shared_work {
    struct thread_pool *pool;
    size_t count; /* requests */
};

/* What the desk's handlers share. */
struct desk_shared {
    struct loop *loop;
    struct pg *lanes[DESK_LANES]; /* the index is an enum desk_lane */
    struct access *access;
    struct change_queue *changes; /* see resource_change.c */
    const struct route_table *routes;
    const char *public_url;         /* or NULL */
    const char *edge_url;           /* as pages reach the edge; NULL: not known */
    const uint8_t *sealing_key;     /* see seal.h; NULL: there is none */
    const struct watch *watch;      /* what /metrics shows */
    const struct host_names *hosts; /* see host.h */
    struct access_log *access_log;  /* who was refused, and who read */
    struct audience *audience;
    struct backlog *backlog;
    struct guard *guard;
    struct provider *provider; /* NULL: there is none */
    struct password *password;
    struct turn_queue *turns; /* of those who have to wait before they sign in */
    struct snapshot_now *snapshot_now;
    struct thread_pool *pool; /* see desk_work.h */
    struct shared_work *shared_work;
};

struct desk_request {
    const struct desk_shared *desk;
    struct pg *pg; /* of its route's lane */
    struct http_request *http;
    struct route_match match;
    enum access_kind kind;
    const char *token;      /* NULL: none was sent */
    struct holder holder;   /* empty on public routes */
    int64_t environment_id; /* the chosen one; 0 on public routes */
};

/* Puts the key or session that the request carries into r->kind and r->token. */
void desk_request_find_token(struct desk_request *r);

/* Does the browser speak TLS, here, to a proxy that we believe, or by the desk's public URL? */
bool desk_shared_is_tls(const struct desk_shared *desk, const struct http_request *request);
bool desk_request_is_tls(const struct desk_request *r);
/* What the session's cookie is called. Over TLS, with a prefix that keeps other hosts of the domain
 * and plain connections from setting it; another name is then not taken. */
const char *desk_request_cookie(const struct desk_request *r);

/* The value of another cookie, in the request's arena, or NULL. */
const char *desk_request_find_cookie(const struct desk_request *r, const char *name);

/* Did a page of another site send it? No Origin counts as one: browsers send it with all that
 * changes something. */
bool desk_request_is_foreign(const struct desk_request *r);

/* "key:12" or "user:3", in the request's arena: who stands in the audit log. */
const char *desk_request_actor(const struct desk_request *r);

/* Returns the body as a JSON object, a new reference, or NULL with *ret_fault set. An empty body is
 * an empty object where 'is_optional'. */
json_t *desk_request_body(const struct desk_request *r, bool is_optional, struct fault *ret_fault);

/* The body as its fields read it, a new reference. NULL: it was answered. */
json_t *desk_request_fields(struct desk_request *r, bool is_optional, const struct field *fields);

/* What a route replies that answers 204 without a body. */
extern const struct route_reply desk_done_replies[];

/* Replies with JSON that no cache keeps. */
void desk_reply_json(struct desk_request *r, int status, const char *body, size_t length);
/* Replies with the problem that a failed statement stands for. */
void desk_reply_failed(struct desk_request *r, const struct pg_answer *answer);
/* Replies with the view that a statement answered with (store/view.h), or that it failed; its arg
 * is the desk_request. */
pg_answer_fn desk_reply_view;
/* Whether the database answers on every lane. */
bool desk_lanes_are_up(const struct desk_shared *desk);
