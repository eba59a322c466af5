// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The copies on disk of a process's snapshots, a file an environment: "PATH.ID". Written and
 * removed off the loop, in the order asked.
 */
#pragma once

#include "io/net/thread_pool.h"
#include "model/snapshot/snapshot.h"

struct snapshot_copy;

/* 'pool' is borrowed; 'path' begins the files' names. */
struct snapshot_copy *snapshot_copy_new(struct thread_pool *pool, const char *path);
/* Is called after thread_pool_free. NULL does nothing. */
void snapshot_copy_free(struct snapshot_copy *c);

/* 'kept': a reference that fn takes. */
typedef void snapshot_copy_fn(void *arg, struct snapshot *kept);
/* Calls fn for each copy that can be read and fits, before it returns; logs what does not. */
void snapshot_copy_read_all(struct snapshot_copy *c, snapshot_copy_fn *fn, void *arg);
/* The document is copied. */
void snapshot_copy_keep(struct snapshot_copy *c, int environment_id, int64_t version,
                        const char *document);
void snapshot_copy_drop(struct snapshot_copy *c, int environment_id);
