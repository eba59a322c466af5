// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/decide.h"

#include <string.h>

const char *reason_name(enum reason reason)
{
    static const char *const names[REASON_COUNT] = {
        "bucket",  "forced", "panic",    "not_running", "schedule",
        "holdout", "layer",  "audience", "coverage",
    };
    return names[reason];
}

static bool owns_layer_bucket(struct decide *d, const struct snapshot_campaign *c)
{
    int *bucket = &d->layer_buckets[c->layer->index];
    if (*bucket < 0)
        *bucket = (int)bucket_number_seeded(c->layer->seed, d->unit);
    for (size_t i = 0; i < c->range_count; i++)
        if (bucket_is_in(&c->ranges[i], (unsigned)*bucket))
            return true;
    return false;
}

static unsigned bucket_of(const struct decide *d, const struct snapshot_campaign *c)
{
    return d->buckets ? d->buckets[c->place] : bucket_number_seeded(c->seed, d->unit);
}

/* Looks at every variant: which one it is, nobody can predict. */
static int owner_of(const struct snapshot_campaign *c, unsigned bucket)
{
    int owner = -1;
    for (size_t i = c->variant_count; i-- > 0;)
        owner = bucket_is_in(&c->owned[i], bucket) ? (int)i : owner;
    return owner;
}

/* The first step that decides; 'ret' holds what was found by then. */
static enum reason go_through(struct decide *d, const struct snapshot_campaign *c,
                              struct decision *ret)
{
    if (!c->is_running)
        return REASON_NOT_RUNNING;
    if (d->environment->is_panic) {
        ret->variant = c->control;
        return REASON_PANIC;
    }
    if (d->now_us < c->start_us || d->now_us >= c->end_us)
        return REASON_SCHEDULE;
    if (c->forced_count && (ret->variant = snapshot_find_forced(c, d->visitor_id)) >= 0)
        return REASON_FORCED;
    if (d->is_held_out && c->kind != CAMPAIGN_HOLDOUT)
        return REASON_HOLDOUT;
    if (c->layer && !owns_layer_bucket(d, c))
        return REASON_LAYER;
    if (c->audience && !condition_matches_slots(c->audience, d->attributes))
        return REASON_AUDIENCE;
    unsigned bucket = bucket_of(d, c);
    ret->bucket = (int)bucket;
    ret->variant = owner_of(c, bucket);
    return ret->variant < 0 ? REASON_COVERAGE : REASON_BUCKET;
}

struct decision decide_campaign(struct decide *d, const struct snapshot_campaign *c)
{
    struct decision result = {.campaign = c, .variant = -1, .bucket = -1};
    result.reason = go_through(d, c, &result);
    return result;
}

void decide_init(struct decide *d, struct arena *arena,
                 const struct snapshot_environment *environment, const char *visitor_id,
                 const struct condition_value *attributes, int64_t now_us)
{
    *d = (struct decide){
        .environment = environment,
        .visitor_id = visitor_id,
        .unit = arena_alloc(arena, sizeof(*d->unit)),
        .attributes = attributes,
        .now_us = now_us,
        .layer_buckets = arena_alloc(arena, environment->layer_count * sizeof(int)),
    };
    bucket_unit_read(d->unit, visitor_id, strlen(visitor_id));
    for (size_t i = 0; i < environment->layer_count; i++)
        d->layer_buckets[i] = -1;
    for (size_t i = 0; i < environment->holdout_count && !d->is_held_out; i++) {
        struct decision in_or_out = decide_campaign(d, &environment->campaigns[i]);
        d->is_held_out = in_or_out.reason == REASON_BUCKET || in_or_out.reason == REASON_FORCED
                             ? in_or_out.campaign->variants[in_or_out.variant].is_control
                             : false;
    }
}

void decide_hash_all(struct decide *d, struct arena *arena)
{
    const struct snapshot_environment *e = d->environment;
    d->buckets = arena_alloc(arena, e->running_count * sizeof(*d->buckets));
    bucket_numbers(e->seeds, e->running_count, d->unit, d->buckets);
}
