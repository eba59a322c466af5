// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The worker: what goes on without anybody asking, as two tables. What is one statement now and
 * then (partitions, looks, tidying) is a row of worker_tasks, run by task.h on one of the worker's
 * connections. What has a life of its own (the fold, the pick-up of jobs) is a row of worker_parts
 * and has connections of its own. So nothing slow holds up what is quick. Serves no port.
 */
#pragma once

#include "engine/worker_options.h"
#include "io/net/loop.h"

#include <stddef.h>

struct worker;
struct task_list;

struct worker *worker_new(struct loop *l, const struct worker_options *options);
/* Begins nothing new; fn(arg) once, from the loop, when what may not be cut short has ended. */
void worker_drain(struct worker *w, loop_fn *fn, void *arg);
/* Ends at once; the database rolls back what is in work. Not from a callback of the worker. */
void worker_free(struct worker *w);

/* A part of the worker with a life, and connections, of its own. */
struct worker_part {
    /* Begins, as soon as its connections are ready. 'options' and 'tasks', which it may wake, live
     * as long as the part. */
    void *(*start)(struct loop *l, const struct worker_options *options, struct task_list *tasks);
    /* Begins nothing new; fn(arg) once, later, from the loop, when it may be freed without loss. */
    void (*stop)(void *part, loop_fn *fn, void *arg);
    /* Ends at once, stopped or not. */
    void (*free)(void *part);
};

extern const struct worker_part worker_parts[];
extern const size_t worker_part_count;
