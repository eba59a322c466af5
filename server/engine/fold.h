// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Keeps the results up with the events: calls the database function fold_step, again at once while
 * more is waiting, every 200 ms otherwise. The function does all the work in one transaction, so
 * that a process which dies in between changes nothing; its lock lets one of several machines fold.
 * Runs in the worker. Reads no event itself.
 */
#pragma once

#include "io/loop.h"
#include "io/pg.h"

struct fold;

/* 'pg' is borrowed and must have prepared the worker's queries. Does nothing before fold_start. */
struct fold *fold_new(struct loop *l, struct pg *pg);
/* Begins, or goes on after the connection broke. A connection that is down is asked again later. */
void fold_start(struct fold *f);
/* Begins no further step; calls fn(arg) once, from the loop, when none is in work. */
void fold_stop(struct fold *f, loop_fn *fn, void *arg);
/* Not while a step is in work on a living connection: fold_stop or pg_free first. */
void fold_free(struct fold *f);
