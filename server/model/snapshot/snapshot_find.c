// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot/snapshot.h"

#include <string.h>

const struct snapshot_campaign *snapshot_find_campaign(const struct snapshot *s, const char *key)
{
    for (size_t i = 0; i < s->campaign_count; i++)
        if (strcmp(s->campaigns[i].key, key) == 0)
            return &s->campaigns[i];
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

bool snapshot_has_rate(const struct snapshot *s, const char *currency, int32_t day)
{
    for (size_t i = 0; i < s->rate_count; i++)
        if (strcmp(s->rates[i].currency, currency) == 0)
            return s->rates[i].first_day <= day && s->rates[i].last_day >= day - SNAPSHOT_RATE_DAYS;
    return false;
}
