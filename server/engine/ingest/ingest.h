// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Events, each stored exactly once. While a batch commits the next one gathers: no timer. A reply
 * is given only after PostgreSQL's commit, or, when that does not come within the timeout, after
 * fsync in the spool. When a connection breaks in the middle of a commit the outcome is unknown:
 * the events are sent once more, or spooled, and their ids make that harmless. What is in the spool
 * is drained in turns with what arrives.
 */
#pragma once

#include "engine/ingest/ingest_refusals.h"
#include "engine/ingest/ingest_request.h"
#include "engine/ingest/ingest_spool.h"
#include "io/net/loop.h"
#include "io/pg/pg.h"

struct ingest;

struct ingest_options {
    size_t batch_rows;  /* most rows of one commit */
    size_t queue_rows;  /* most rows waiting; beyond: ERR_BUSY */
    int64_t timeout_us; /* how long events wait for PostgreSQL */
    struct pg *pg;      /* borrowed, used for writing alone */
    /* The folder of the spool; NULL: none, and then events that PostgreSQL does not take in time
     * end with ERR_UNAVAILABLE. */
    const char *spool_folder;
    int64_t spool_bytes;
    int slot, slot_count;
    struct thread_pool *pool; /* borrowed, for the spool */
};

struct ingest *ingest_new(struct loop *l, const struct ingest_options *options);
/* After pg_free and thread_pool_free. What still waits is answered with ERR_UNAVAILABLE before it
 * returns. */
void ingest_free(struct ingest *in);
/* Takes the request; request->fn is called exactly once, later, from the loop. */
void ingest_send(struct ingest *in, struct ingest_request *request);
/* An event of a request, or (NULL) the request as a whole, never got so far: rules refused it. It
 * is counted, and may be kept for people to see. */
void ingest_refuse(struct ingest *in, int environment_id, enum refusal why,
                   const struct fault *fault, const json_t *event);
/* The same of a request, or an event of it, that was refused for the moment or for its size; 'name'
 * is what it is counted under. */
void ingest_refuse_named(struct ingest *in, int environment_id, enum refusal why,
                         const struct fault *fault, const char *name);
/* All requests are answered and no more will come: what is counted of refusals is stored, then fn
 * is called, once, from the loop. */
void ingest_leave(struct ingest *in, loop_fn *fn, void *arg);
/* A request was refused with ERR_BUSY and nothing has left the queue since: the next one need not
 * even be read. */
bool ingest_is_full(const struct ingest *in);
/* The owner of the connection calls these when it is up or down. */
void ingest_on_up(struct ingest *in);
void ingest_on_down(struct ingest *in);
/* A 202 is possible: there is a writer and a connection, or a spool that took what came last. */
bool ingest_is_ready(const struct ingest *in);
