// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Requests that wait for their turn before anything is done for them. Of those who wait there are
 * some at most: who comes then is to be refused.
 */
#pragma once

#include "base/err.h"
#include "io/net/loop.h"

struct turn_queue;

typedef void turn_fn(void *arg);

struct turn_queue *turn_queue_new(struct loop *l);
/* Calls all who wait, at once. */
void turn_queue_free(struct turn_queue *q);

/* Calls fn(arg) once: in 'wait_us', or before it returns where that is 0. ERR_BUSY: too many wait,
 * and fn is not called. */
must_use enum err turn_wait(struct turn_queue *q, int64_t wait_us, turn_fn *fn, void *arg);
