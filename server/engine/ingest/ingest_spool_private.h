// SPDX-License-Identifier: GPL-3.0-or-later
/* What ingest_spool.c (files, additions), ingest_drain.c (the way back) and ingest_spool_task.c
 * (what both do with a file) share. Each calls those behind it alone. */
#pragma once

#include "engine/ingest/ingest_spool.h"

/* One file. 'spool' is touched by pieces of work alone, the rest by the loop alone. */
struct spool_source {
    struct spool *spool;
    bool has_more;  /* than was drained, perhaps */
    bool is_closed; /* holds what this program cannot read: left alone */
    int64_t cursor; /* drained up to here */
    struct spool_state state;
};

/* A piece of work with one file: its result, on the way from the thread to the loop. */
struct spool_task {
    struct ingest_spool *sp;
    struct spool_source *source;
    enum err err;
    struct fault fault;
    struct spool_state state;
    char news[600];
};

struct spool_drain {
    struct spool_task task;
    struct arena *arena;
    struct ingest_batch batch; /* what is still to be sent */
    int64_t last_id;
    size_t items, bytes;
    size_t waiting; /* requests that are not finished */
    bool is_unreadable, has_failed;
};

struct ingest_spool {
    struct ingest_spool_options options;
    struct spool_source *sources; /* the slot's own first */
    size_t source_count;
    size_t adding;
    bool is_well;
    struct spool_drain *drain; /* being loaded, sent or forgotten */
    bool is_loaded;
    struct loop_timer *rest_timer;
    bool is_resting;
};

/* ingest_spool_task.c: there is something to drain, or an addition is over. */
void ingest_spool_task_tell(struct ingest_spool *sp);
/* Ends a piece of work, still in the thread. */
void ingest_spool_task_leave(struct spool_task *t);
/* Takes over what a piece of work brought, in the loop. */
void ingest_spool_task_back(struct spool_task *t);
/* What all files hold, into the counters. */
void ingest_spool_task_count(const struct ingest_spool *sp);

/* ingest_drain.c: the timer's function, and the end of a drain that nobody waits for any more */
void ingest_drain_on_rested(void *arg);
void ingest_drain_free(struct spool_drain *d);
