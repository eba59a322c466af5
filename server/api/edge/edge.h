// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The edge: the public face of mete. Decides from memory, takes events, answers pages of other
 * origins. Two connections to PostgreSQL, so that reads never wait behind commits.
 */
#pragma once

#include "api/route/guard.h"
#include "api/route/route.h"
#include "engine/ingest/ingest.h"
#include "engine/ingest/ingest_clocks.h"
#include "io/http/http.h"
#include "io/net/loop.h"

struct edge;

struct edge_options {
    const char *conninfo;      /* borrowed */
    const char *name;          /* "edge-0", borrowed */
    const char *snapshot_path; /* where the last snapshot is kept; NULL: nowhere */
    const char *demo_key;      /* client key of the demo shop's pages; "": no shop; borrowed */
    bool is_public_tls;        /* browsers reach it by https, whoever speaks TLS for it */
    struct http_limits http;
    struct guard_options guard;
    struct ingest_options ingest; /* 'pg' and 'pool' are the edge's own */
    struct ingest_clocks *clocks; /* of senders; shared by all edges; borrowed */
    size_t event_bytes;           /* the largest body of POST /v1/events */
    /* The database holds another schema than this program: called once, then nothing more works. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};

/* THE route table of the edge; the largest body of POST /v1/events is a setting. The table lives as
 * long as the arena. */
struct route_table edge_routes_make(struct arena *arena, size_t event_bytes);

struct edge *edge_new(struct loop *l, const struct edge_options *options);
void edge_listen(struct edge *e, int fd);
/* See http_server_set_tls. */
void edge_set_tls(struct edge *e, struct tls *tls);
/* Sets all limits but the guard's tables, which edge_new was given. */
void edge_set_limits(struct edge *e, const struct http_limits *limits,
                     const struct guard_options *guard);
/* Stops accepting, answers what is in work (committing its events), then fn(arg) once. */
void edge_drain(struct edge *e, loop_fn *fn, void *arg);
void edge_free(struct edge *e);
