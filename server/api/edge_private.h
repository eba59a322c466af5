// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files of the edge share: the edge itself and one request's context.
 */
#pragma once

#include "api/edge.h"
#include "engine/snapshot_feed.h"
#include "io/aside.h"
#include "io/route.h"

struct edge {
    struct edge_options options;
    struct loop *loop;
    struct pg *reads;
    struct pg *writes;
    struct aside *aside; /* for what a disk may hold up */
    struct snapshot_feed *feed;
    struct ingest *ingest;
    struct guard *guard;
    struct http_server *server;
    struct loop_timer *schema_timer; /* asks again for the schema when that failed */
    char last_token[128];            /* with its digest: see edge_access.c */
    size_t last_token_length;
    uint8_t last_sha256[32];
    struct buf decide_reply; /* the memory of one request's reply serves the next */
};

/* Made in on_head, found again in http_request.user. */
struct edge_request {
    struct route_match match;
    const struct snapshot *snapshot; /* valid while the feed is at 'generation' */
    uint64_t generation;
    const struct snapshot_key *key;
};

extern const struct route edge_routes[];
extern const size_t edge_route_count;

/* Who asks: reads the key from the headers (or, for client keys, from ?key=), checks role and
 * origin. Fills context->snapshot, ->generation and ->key. On an error the fault is ready to be
 * sent. */
enum err edge_access(struct edge *e, struct http_request *request, struct edge_request *context,
                     struct fault *ret_fault) must_use;
/* Adds the headers that let a page of another origin read the reply, whatever it will be. */
void edge_cors(struct http_request *request);
/* Answers a preflight. */
void edge_preflight(struct http_request *request);

route_fn edge_decide;
route_fn edge_events;
route_fn edge_livez;
route_fn edge_readyz;
route_fn edge_sdk;
route_fn edge_config;
route_fn edge_visitor;
route_fn edge_demo;
