// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The newest snapshot for who asks seldom, and wants to know what holds this moment: the database
 * is asked each time whether there is another one, and the last one is kept compiled. For the desk;
 * edges decide from snapshot_feed.h.
 */
#pragma once

#include "io/pg.h"
#include "model/snapshot.h"

struct snapshot_now;

/* 'pg' is borrowed. */
struct snapshot_now *snapshot_now_new(struct pg *pg);
/* After pg_free. */
void snapshot_now_free(struct snapshot_now *n);

/* 'snapshot' is borrowed for the call; NULL when it could not be read, 'fault' then says why. */
typedef void snapshot_now_fn(void *arg, const struct snapshot *snapshot, const struct fault *fault);
/* Answers once, later, from the loop. */
void snapshot_now_find(struct snapshot_now *n, snapshot_now_fn *fn, void *arg);
