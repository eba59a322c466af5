// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The desk: the private port, where campaigns are made and results read. One HTTP server, one
 * PostgreSQL connection a lane (desk_lane.h), one route table; runs in the process "desk". It never
 * decides and never takes events.
 */
#pragma once

#include "api/access/provider.h"
#include "api/route/guard.h"
#include "api/route/route.h"
#include "io/http/http.h"
#include "io/net/loop.h"

struct desk;
struct counter_page;

struct desk_options {
    const char *conninfo;             /* borrowed while the desk lives */
    const char *public_url;           /* as people reach it; borrowed; NULL: not known */
    const char *edge_url;             /* as pages reach the edge; borrowed; NULL: not known */
    const char *hosts;                /* names it is reached by, too; see host.h */
    const char *metrics_token;        /* "": see watch_page.h; borrowed */
    const char *sealing_key;          /* 64 hex digits; "": nothing can be sealed */
    struct provider_options provider; /* by whom people sign in, too */
    struct counter_page *counters;
    struct route_table edge_routes; /* to tell the requests of the other port apart */
    struct http_limits http;
    struct guard_options guard;
    /* The database holds another schema than this program: called once, then nothing more works. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};

/* Begins to connect to PostgreSQL; serves nothing until desk_listen. */
struct desk *desk_new(struct loop *l, const struct desk_options *options);
/* Takes over a listening, non-blocking socket. */
void desk_listen(struct desk *d, int fd);
/* See http_server_set_tls. */
void desk_set_tls(struct desk *d, struct tls *tls);
/* Sets all limits but the guard's tables, which desk_new was given. */
void desk_set_limits(struct desk *d, const struct http_limits *limits,
                     const struct guard_options *guard);
/* Answers what is in work, then calls fn(arg) once, from the loop. */
void desk_drain(struct desk *d, loop_fn *fn, void *arg);
/* Closes everything at once. Never from one of its own callbacks. */
void desk_free(struct desk *d);
