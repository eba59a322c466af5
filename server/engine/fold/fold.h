// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Keeps what is made of events up with them: asks the database in which slices a consumer has
 * something to do, and has each done by one call of its step function, several side by side, each
 * on a connection of its own. A step does all the work in one transaction, so that a process which
 * dies in between changes nothing; its lock lets one of several machines work on a slice. While
 * edges store many events fewer connections are used. Runs in the worker. Reads no event itself.
 */
#pragma once

#include "io/net/loop.h"

struct counter_page;
struct fold;

struct fold_options {
    const char *conninfo; /* borrowed */
    const char *name;     /* shown in pg_stat_activity; borrowed */
    int connections;      /* steps side by side, from 1; 0: as many as there are cores */
    /* What the edges of this machine count; NULL: nobody knows. Borrowed. */
    const struct counter_page *counters;
    /* A metric is computed, or an end of a phase counted. May be NULL. */
    void (*on_finished)(void *arg);
    /* The database holds another schema than this program; perhaps once for each connection. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg; /* of both */
};

/* Opens its connections, and begins when the first is ready. */
struct fold *fold_new(struct loop *l, const struct fold_options *options);
/* Begins no further step; calls fn(arg) once, later, from the loop, when none is in work. */
void fold_stop(struct fold *f, loop_fn *fn, void *arg);
/* Ends at once; the database rolls back what is in work. */
void fold_free(struct fold *f);
