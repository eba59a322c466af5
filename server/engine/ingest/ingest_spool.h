// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Events on the disk while PostgreSQL is away, and their way back. One file for each edge slot; the
 * files of slots that no longer exist are drained by slot 0. Files are read and written off
 * the loop. A record goes when its events are stored: a crash in between stores them again, which
 * the key of an event makes harmless.
 */
#pragma once

#include "engine/ingest/ingest_batch.h"
#include "io/net/thread_pool.h"
#include "io/spool/spool.h"

struct ingest_spool;

struct ingest_spool_options {
    const char *folder; /* borrowed for the call */
    int slot, slot_count;
    int64_t bytes_max;            /* of one file */
    size_t batch_rows;            /* most events of a record, and of what is drained at once */
    struct thread_pool *pool;     /* borrowed */
    void (*on_change)(void *arg); /* an addition is over; there is something to drain */
    void *arg;
};

struct ingest_spool *ingest_spool_new(struct loop *l, const struct ingest_spool_options *options);
/* After thread_pool_free. */
void ingest_spool_free(struct ingest_spool *sp);
/* Takes the rows out of the batch and finishes them: accepted when they are on the disk, else
 * ERR_UNAVAILABLE. */
void ingest_spool_add(struct ingest_spool *sp, struct ingest_batch *rows);
bool ingest_spool_is_adding(const struct ingest_spool *sp);
/* The oldest events that are to be stored, or NULL; on_change says when there may be some. Who
 * takes rows out finishes them; those finished with an error are there again after a second. */
struct ingest_batch *ingest_spool_next(struct ingest_spool *sp);
/* What was left of the batch of ingest_spool_next cannot be stored now. */
void ingest_spool_put_off(struct ingest_spool *sp);
/* Did the last addition succeed, if there was one? */
bool ingest_spool_is_well(const struct ingest_spool *sp);
