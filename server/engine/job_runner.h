// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sees to it that jobs are done: asks every half second whether one waits and forks a process for
 * it, one at a time, at low priority. Runs in the worker; the process dies with it. Does no job
 * itself.
 */
#pragma once

#include "io/loop.h"
#include "io/pg.h"

struct job_runner;

/* 'pg' and 'conninfo' are borrowed; 'pg' must have prepared the worker's queries. Does nothing
 * before job_runner_start. */
struct job_runner *job_runner_new(struct loop *l, struct pg *pg, const char *conninfo);
void job_runner_start(struct job_runner *r);
/* Begins no further job and ends the one in work: it begins anew with the next worker. */
void job_runner_stop(struct job_runner *r);
/* After pg_free. */
void job_runner_free(struct job_runner *r);
