// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Keeps an edge's snapshots fresh, one an environment: asks for the versions when the connection
 * comes up and every 5 s, hears of each new one by notification, and reads just those that changed.
 * A document is compiled off the loop and takes the old one's place between two callbacks. The last
 * good one of an environment stays in use whatever happens (a document that does not fit is read
 * once and complained about once), and copies on disk let an edge begin while PostgreSQL is away.
 */
#pragma once

#include "engine/feed/snapshot_wait.h"
#include "io/net/loop.h"
#include "io/net/thread_pool.h"
#include "io/pg/pg.h"
#include "model/snapshot/snapshot.h"

struct snapshot_feed;

/* 'pg' and 'pool' are borrowed. 'path' begins the names of the copies' files (".", and the
 * environment's id, follow); NULL: none. They are read at once, and written off the loop. */
struct snapshot_feed *snapshot_feed_new(struct loop *l, struct pg *pg, struct thread_pool *pool,
                                        const char *path);
/* Asks nothing any more; to be called before pg_free. */
void snapshot_feed_stop(struct snapshot_feed *f);
/* To be called after thread_pool_free. */
void snapshot_feed_free(struct snapshot_feed *f);
/* Every environment there is has a snapshot, or one that does not fit; once true, it stays so. */
bool snapshot_feed_is_ready(const struct snapshot_feed *f);
/* Returns the key, with its snapshot, or NULL when it is unknown. It is borrowed until the callback
 * returns: it may be replaced between callbacks, never within one. Who decides longer takes a
 * reference. */
const struct snapshot_key *snapshot_feed_find_key(const struct snapshot_feed *f,
                                                  const uint8_t sha256[32]);
/* Returns the highest version in use; 0: none is. */
int64_t snapshot_feed_version(const struct snapshot_feed *f);
/* Of how many environments the newest document does not fit: an older one is in use, or none. */
size_t snapshot_feed_refused(const struct snapshot_feed *f);
/* Grows with each replacement: an equal one means that what was borrowed still stands. */
uint64_t snapshot_feed_generation(const struct snapshot_feed *f);

/* Asks PostgreSQL and takes what is newer; the wait's fn is called once, later, from the loop,
 * within a second. 'wait' is borrowed until then. */
void snapshot_feed_confirm(struct snapshot_feed *f, struct snapshot_wait *wait);
/* For the owner of the connection: it came up; a notification "ENVIRONMENT VERSION" arrived. */
void snapshot_feed_on_up(struct snapshot_feed *f);
void snapshot_feed_on_notify(struct snapshot_feed *f, const char *payload);
