// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files of the edge share: the edge itself and one request's context.
 */
#pragma once

#include "api/edge/edge.h"
#include "api/route/route.h"
#include "decide/lookup.h"
#include "engine/feed/snapshot_feed.h"
#include "io/coding/coding_gzip.h"
#include "io/net/thread_pool.h"
#include "store/connection.h"

/* A key as it was sent, zeros behind it. */
#define EDGE_TOKEN_WORDS 8

struct edge_token {
    uint64_t words[EDGE_TOKEN_WORDS];
};

struct edge {
    struct edge_options options;
    struct arena *arena; /* of the route table */
    struct route_table routes;
    struct loop *loop;
    struct connection *read_connection;
    struct connection *write_connection;
    struct pg *reads; /* of read_connection */
    struct pg *writes;
    struct thread_pool *pool;   /* for what a disk may hold up */
    struct thread_pool *drafts; /* compiles what previews show, and holds up nothing else */
    size_t preview_count;       /* in work */
    struct snapshot_feed *feed;
    struct ingest *ingest;
    struct guard *guard;
    struct http_server *server;
    struct edge_token last_token; /* with its digest: see edge_access.c; zeros: none */
    uint8_t last_sha256[32];
    struct buf description;             /* empty: nobody asked for it yet */
    const struct lookup_source *lookup; /* what decisions may wait for; NULL: nothing */
    struct buf decide_reply;            /* the memory of one request's reply serves the next */
    struct buf packed;                  /* the same of a reply by gzip */
    struct coding_gzip *gzip;
    loop_fn *leave_fn; /* of edge_drain */
    void *leave_arg;
};

/* Made in on_head, found again in http_request.user. */
struct edge_request {
    struct route_match match;
    const struct snapshot_key *key; /* with its snapshot; valid while the feed is at 'generation' */
    uint64_t generation;
    bool is_foreign;            /* the key is not allowed for its origin */
    int environment_id, key_id; /* of the key; 0: there is none */
};

/* Counts a request of events that is refused as a whole, under its key's name: its sender may be
 * told, whose environment it is would not be. */
void edge_note_refused(struct edge *e, const struct edge_request *context, enum refusal why,
                       const char *detail);

/* Who asks: reads the key from the headers (or, for client keys, from ?key=), checks role and
 * origin. Fills context->key and ->generation. On an error the fault is ready to be
 * sent. */
enum err edge_access(struct edge *e, struct http_request *request, struct edge_request *context,
                     struct fault *ret_fault) must_use;
/* Answers whom edge_access refused; events of pages that the key is not allowed for are counted as
 * refused. */
void edge_refuse(struct edge *e, struct http_request *request, const struct fault *fault);
/* Adds the headers that let a page of another origin read the reply, whatever it will be. */
void edge_cors(struct http_request *request);
/* Replies 200 with JSON, by gzip where the asker accepts it and the body is worth it. */
void edge_reply(struct edge *e, struct http_request *request, const struct buf *body);
/* The same with what was packed before; 'gzip' is empty where it was not. */
void edge_reply_prepared(struct http_request *request, const struct buf_slice *plain,
                         const struct buf_slice *gzip);
/* Answers a preflight. */
void edge_preflight(struct http_request *request);

route_fn edge_decide;
route_fn edge_events;
route_fn edge_livez;
route_fn edge_readyz;
route_fn edge_sdk;
route_fn edge_config;
route_fn edge_visitor;
route_fn edge_preview;
route_fn edge_demo;
route_fn edge_description;
