// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed/snapshot_set.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static size_t index_of(const struct snapshot_set *set, int environment_id)
{
    size_t i = 0;
    while (i < set->count && set->snapshots[i]->environment_id != environment_id)
        i++;
    return i;
}

static int compare_keys(const void *a, const void *b)
{
    const struct snapshot_key *const *x = a, *const *y = b;
    return memcmp((*x)->sha256, (*y)->sha256, sizeof((*x)->sha256));
}

static void index_keys(struct snapshot_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++)
        count += set->snapshots[i]->key_count;
    set->keys = mem_realloc(set->keys, (count + 1) * sizeof(const struct snapshot_key *));
    set->key_count = 0;
    for (size_t i = 0; i < set->count; i++)
        for (size_t k = 0; k < set->snapshots[i]->key_count; k++)
            set->keys[set->key_count++] = &set->snapshots[i]->keys[k];
    qsort(set->keys, count, sizeof(const struct snapshot_key *), compare_keys);
}

void snapshot_set_done(struct snapshot_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        snapshot_unref(set->snapshots[i]);
    mem_free(set->snapshots);
    mem_free(set->keys);
    *set = (struct snapshot_set){0};
}

void snapshot_set_put(struct snapshot_set *set, struct snapshot *fresh)
{
    size_t at = index_of(set, fresh->environment_id);
    struct snapshot *old = NULL;
    if (at < set->count) {
        old = set->snapshots[at];
    } else {
        set->count++;
        set->snapshots = mem_realloc(set->snapshots, set->count * sizeof(struct snapshot *));
    }
    set->snapshots[at] = fresh;
    index_keys(set);
    snapshot_unref(old);
}

void snapshot_set_drop(struct snapshot_set *set, int environment_id)
{
    size_t at = index_of(set, environment_id);
    if (at == set->count)
        return;
    struct snapshot *gone = set->snapshots[at];
    set->snapshots[at] = set->snapshots[--set->count];
    index_keys(set);
    snapshot_unref(gone);
}

struct snapshot *snapshot_set_find(const struct snapshot_set *set, int environment_id)
{
    size_t at = index_of(set, environment_id);
    return at < set->count ? set->snapshots[at] : NULL;
}

static int compare_key(const void *sha256, const void *key)
{
    const struct snapshot_key *const *k = key;
    return memcmp(sha256, (*k)->sha256, sizeof((*k)->sha256));
}

const struct snapshot_key *snapshot_set_find_key(const struct snapshot_set *set,
                                                 const uint8_t sha256[32])
{
    const struct snapshot_key **found =
        set->key_count ? bsearch(sha256, set->keys, set->key_count,
                                 sizeof(const struct snapshot_key *), compare_key)
                       : NULL;
    return found ? *found : NULL;
}

int64_t snapshot_set_version(const struct snapshot_set *set)
{
    int64_t highest = 0;
    for (size_t i = 0; i < set->count; i++)
        if (set->snapshots[i]->version > highest)
            highest = set->snapshots[i]->version;
    return highest;
}
