// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The snapshots a process has, one an environment, and which of them a key belongs to. Holds a
 * reference to each. In one thread.
 */
#pragma once

#include "model/snapshot/snapshot.h"

struct snapshot_set {
    struct snapshot **snapshots;
    size_t count;
    const struct snapshot_key **keys; /* of all of them, sorted by sha256 */
    size_t key_count;
};

/* Zero-initialised is empty. */
void snapshot_set_done(struct snapshot_set *set);
/* Takes a reference; the one of the same environment that was there before goes. */
void snapshot_set_put(struct snapshot_set *set, struct snapshot *fresh);
/* An environment that is gone; unknown: nothing. */
void snapshot_set_drop(struct snapshot_set *set, int environment_id);
/* Borrowed, or NULL. */
struct snapshot *snapshot_set_find(const struct snapshot_set *set, int environment_id);
/* Returns the key, borrowed from its snapshot, or NULL. */
const struct snapshot_key *snapshot_set_find_key(const struct snapshot_set *set,
                                                 const uint8_t sha256[32]);
/* Returns the highest version of them; 0: there is none. */
int64_t snapshot_set_version(const struct snapshot_set *set);
