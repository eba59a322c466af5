// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The worker: what goes on without anybody asking. It folds events into results, and every minute
 * makes the partitions of the coming days, stores the looks of days that are over and tidies up;
 * jobs it has done by processes of their own. One connection, so that none of it runs beside the
 * other; serves no port.
 */
#pragma once

#include "io/loop.h"

#include <stdint.h>

struct worker;

struct worker_options {
    const char *conninfo; /* borrowed */
    const char *name;     /* shown in pg_stat_activity; borrowed */
    int64_t keep_days;    /* events that are older go, where no results need them; 0: none go */
    /* The database holds another schema than this program: called once, then nothing more works. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};

struct worker *worker_new(struct loop *l, const struct worker_options *options);
/* Begins nothing new; fn(arg) once, from the loop, when the step in work is committed. */
void worker_drain(struct worker *w, loop_fn *fn, void *arg);
/* Ends at once; the database rolls back what is in work. Not from a callback of the worker. */
void worker_free(struct worker *w);
