// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Batches of events into PostgreSQL, one at a time, as the writer that this session has leased;
 * rows carry (writer, seq) in commit order. A batch that the database refuses for its data is
 * halved until the culprit stands alone, and is kept in rejected_event while there is room. What
 * PostgreSQL does not take is handed back.
 */
#pragma once

#include "engine/ingest/ingest_batch.h"
#include "engine/ingest/ingest_refusals.h"
#include "io/net/loop.h"
#include "io/pg/pg.h"

struct ingest_store;

struct ingest_store_options {
    struct pg *pg;                    /* borrowed, used for writing alone */
    struct ingest_refusals *refusals; /* borrowed */
    size_t batch_rows;                /* most rows of one commit */
    /* A batch can be sent: the last one is over, or a writer was leased. */
    void (*on_free)(void *arg);
    /* Rows of the batch that are not known to be stored; borrowed for the call, and the callee's to
     * finish. is_lost: the connection broke, so they may be stored all the same, and it may be back
     * soon; else PostgreSQL refused them for a reason that is not in them. */
    void (*on_left)(void *arg, const struct ingest_batch *rows, bool is_lost);
    void *arg;
};

struct ingest_store *ingest_store_new(struct loop *l, const struct ingest_store_options *options);
/* After pg_free, which has called on_left for what was in flight. */
void ingest_store_free(struct ingest_store *st);
bool ingest_store_can_take(const struct ingest_store *st);
/* Has a writer and a connection. */
bool ingest_store_is_ready(const struct ingest_store *st);
/* Since when a batch cannot be sent, or the one in flight waits for an answer: monotonic time.
 * Meaningful while ingest_store_can_take is false. */
int64_t ingest_store_stalled_us(const struct ingest_store *st);
/* Sends the first rows, which it takes out; when it can take them. Rows are finished as their
 * status is known. */
void ingest_store_send(struct ingest_store *st, struct ingest_batch *from);
/* Adds the rows in flight to 'ret': their answer will be ignored. A batch can be sent when it has
 * come. */
void ingest_store_withdraw(struct ingest_store *st, struct ingest_batch *ret);
/* The owner of the connection calls these when it is up or down. */
void ingest_store_on_up(struct ingest_store *st);
void ingest_store_on_down(struct ingest_store *st);
