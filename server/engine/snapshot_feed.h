// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Keeps an edge's snapshot fresh: reads it when the connection comes up, when PostgreSQL notifies,
 * and by asking for the version every 5 s. The last good one stays in use whatever happens (a
 * document that does not compile is read once and complained about once), and a copy on disk lets
 * an edge begin while PostgreSQL is away.
 */
#pragma once

#include "io/aside.h"
#include "io/loop.h"
#include "io/pg.h"
#include "model/snapshot.h"

struct snapshot_feed;

/* 'pg' and 'aside' are borrowed. 'path' is the file of the copy, NULL for none; it is read at once,
 * and written aside of the loop. */
struct snapshot_feed *snapshot_feed_new(struct loop *l, struct pg *pg, struct aside *aside,
                                        const char *path);
/* After aside_free. */
void snapshot_feed_free(struct snapshot_feed *f);
/* The newest snapshot, or NULL when there was none yet. Borrowed until the callback returns: it may
 * be replaced between callbacks, never within one. */
const struct snapshot *snapshot_feed_current(const struct snapshot_feed *f);
/* Grows with each replacement: an equal one means that what was borrowed still stands. */
uint64_t snapshot_feed_generation(const struct snapshot_feed *f);
/* For the owner of the connection: it came up; a notification arrived. */
void snapshot_feed_on_up(struct snapshot_feed *f);
void snapshot_feed_on_notify(struct snapshot_feed *f);
