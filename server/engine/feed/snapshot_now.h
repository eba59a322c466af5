// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The newest snapshot of an environment for who asks seldom, and wants to know what holds this
 * moment: the database is asked each time whether there is another one, and the last ones are kept
 * compiled. For the desk; edges decide from snapshot_feed.h.
 */
#pragma once

#include "io/pg/pg.h"
#include "model/snapshot/snapshot.h"

struct snapshot_now;

/* 'pg' is borrowed. */
struct snapshot_now *snapshot_now_new(struct pg *pg);
/* After pg_free. */
void snapshot_now_free(struct snapshot_now *n);

/* 'snapshot' is borrowed for the call; NULL when it could not be read, 'fault' then says why. */
typedef void snapshot_now_fn(void *arg, struct snapshot *snapshot, const struct fault *fault);
/* Answers once, later, from the loop. */
void snapshot_now_find(struct snapshot_now *n, int environment_id, snapshot_now_fn *fn, void *arg);
