// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot.h"

#include <stdlib.h>
#include <string.h>

static int compare_key(const void *sha256, const void *key)
{
    return memcmp(sha256, ((const struct snapshot_key *)key)->sha256, 32);
}

const struct snapshot_key *snapshot_find_key(const struct snapshot *s, const uint8_t sha256[32])
{
    return bsearch(sha256, s->keys, s->key_count, sizeof(*s->keys), compare_key);
}

const struct snapshot_campaign *snapshot_find_campaign(const struct snapshot_environment *e,
                                                       const char *key)
{
    for (size_t i = 0; i < e->campaign_count; i++)
        if (strcmp(e->campaigns[i].key, key) == 0)
            return &e->campaigns[i];
    return NULL;
}

int snapshot_find_variant(const struct snapshot_campaign *c, const char *key)
{
    for (size_t i = 0; i < c->variant_count; i++)
        if (strcmp(c->variants[i].key, key) == 0)
            return (int)i;
    return -1;
}

int snapshot_find_forced(const struct snapshot_campaign *c, const char *visitor_id)
{
    for (size_t i = 0; i < c->forced_count; i++)
        if (strcmp(c->forced[i].visitor_id, visitor_id) == 0)
            return (int)c->forced[i].variant;
    return -1;
}
