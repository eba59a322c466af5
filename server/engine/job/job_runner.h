// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sees to it that jobs are done: asks every half second whether one waits and forks a process for
 * it, one at a time, at low priority. Runs in the worker; the process dies with it. Does no job
 * itself.
 */
#pragma once

#include "io/net/loop.h"

struct job_runner;

struct job_runner_options {
    const char *conninfo; /* borrowed */
    const char *name;     /* of the process: its connection's name begins with it; borrowed */
    /* The database holds another schema than this program. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};

/* Opens a connection of its own and asks as soon as that is ready. */
struct job_runner *job_runner_new(struct loop *l, const struct job_runner_options *options);
/* Begins no further job and ends the one in work: it begins anew with the next worker. Calls
 * fn(arg) once, later, from the loop. */
void job_runner_stop(struct job_runner *r, loop_fn *fn, void *arg);
/* Also when it was not stopped. Not from a callback of the runner. */
void job_runner_free(struct job_runner *r);
