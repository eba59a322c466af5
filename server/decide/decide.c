// SPDX-License-Identifier: GPL-3.0-or-later
#include "decide/decide.h"

#include <string.h>

const char *reason_name(enum reason reason)
{
    static const char *const names[REASON_COUNT] = {
        "bucket",   "forced",  "panic", "not_running", "junk_id",
        "schedule", "holdout", "layer", "audience",    "coverage",
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
    return d->buckets ? d->buckets[c->running_index] : bucket_number_seeded(c->seed, d->unit);
}

/* Looks at every variant: which one it is, nobody can predict. */
static int owner_of(const struct snapshot_campaign *c, unsigned bucket)
{
    int owner = -1;
    for (size_t i = c->variant_count; i-- > 0;)
        owner = bucket_is_in(&c->owned[i], bucket) ? (int)i : owner;
    return owner;
}

/* What a step says of a visitor and a campaign. */
enum answer { GO_ON, NO, YES };

static enum answer running(const struct decide *d, const struct snapshot_campaign *c)
{
    (void)d;
    return c->is_running ? GO_ON : NO;
}

static enum answer somebody(const struct decide *d)
{
    return d->is_nobody ? NO : GO_ON;
}

static enum answer in_schedule(const struct decide *d, const struct snapshot_campaign *c)
{
    return d->now_us < c->start_us || d->now_us >= c->end_us ? NO : GO_ON;
}

static enum answer forced(const struct decide *d, const struct snapshot_campaign *c,
                          struct decision *ret)
{
    if (!c->forced_count)
        return GO_ON;
    ret->variant = snapshot_find_forced(c, d->visitor_id);
    return ret->variant >= 0 ? YES : GO_ON;
}

static enum answer not_held_out(const struct decide *d, const struct snapshot_campaign *c)
{
    return d->is_held_out && !c->can_hold_out ? NO : GO_ON;
}

static enum answer in_layer(struct decide *d, const struct snapshot_campaign *c)
{
    return c->layer && !owns_layer_bucket(d, c) ? NO : GO_ON;
}

static enum answer in_audience(struct decide *d, const struct snapshot_campaign *c)
{
    return c->audience && !condition_matches_slots(c->audience, d->attributes, &d->texts) ? NO
                                                                                          : GO_ON;
}

static enum answer covered(const struct decide *d, const struct snapshot_campaign *c,
                           struct decision *ret)
{
    unsigned bucket = bucket_of(d, c);
    ret->bucket = (int)bucket;
    ret->variant = owner_of(c, bucket);
    return ret->variant < 0 ? NO : YES;
}

/* THE steps, in their order: the name in a trace, what answers, the reason of its no, the reason of
 * its yes (of a step that has none: its no again), and whether a trace shows it when it had nothing
 * to say. A macro and not an array of functions: a decision takes them a million times a second,
 * and this way the compiler makes one function of them. */
#define STEPS(STEP)                                                                                \
    STEP("running", running(d, c), NOT_RUNNING, NOT_RUNNING, true)                                 \
    STEP("visitor", somebody(d), JUNK_ID, JUNK_ID, false)                                          \
    STEP("schedule", in_schedule(d, c), SCHEDULE, SCHEDULE, true)                                  \
    STEP("forced", forced(d, c, ret), FORCED, FORCED, false)                                       \
    STEP("holdout", not_held_out(d, c), HOLDOUT, HOLDOUT, true)                                    \
    STEP("layer", in_layer(d, c), LAYER, LAYER, true)                                              \
    STEP("audience", in_audience(d, c), AUDIENCE, AUDIENCE, true)                                  \
    STEP("bucket", covered(d, c, ret), COVERAGE, BUCKET, true)

#define TAKE(name, answer, no, yes, is_shown)                                                      \
    switch (answer) {                                                                              \
    case NO:                                                                                       \
        return REASON_##no;                                                                        \
    case YES:                                                                                      \
        return REASON_##yes;                                                                       \
    case GO_ON:                                                                                    \
        break;                                                                                     \
    }
#define ROW(name, answer, no, yes, is_shown) {name, REASON_##no, REASON_##yes, is_shown},

/* The first step that decides; 'ret' holds what was found by then. */
static enum reason go_through(struct decide *d, const struct snapshot_campaign *c,
                              struct decision *ret)
{
    STEPS(TAKE)
    return REASON_COVERAGE;
}

struct decision decide_campaign(struct decide *d, const struct snapshot_campaign *c)
{
    struct decision result = {.campaign = c, .variant = -1, .bucket = -1};
    result.reason = go_through(d, c, &result);
    if (d->is_panic && result.variant >= 0) {
        result.variant = c->control;
        result.reason = REASON_PANIC;
    }
    return result;
}

size_t decide_trace(const struct decision *d, struct decide_step ret[DECIDE_STEPS])
{
    static const struct {
        const char *name;
        enum reason no, yes;
        bool is_shown;
    } rows[] = {STEPS(ROW)};
    bool is_panic = d->reason == REASON_PANIC;
    enum reason served = d->bucket < 0 ? REASON_FORCED : REASON_BUCKET;
    enum reason found = is_panic ? served : d->reason;
    bool is_decided = false;
    size_t count = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !is_decided; i++) {
        is_decided = found == rows[i].no || found == rows[i].yes;
        if (is_decided || rows[i].is_shown)
            ret[count++] = (struct decide_step){.name = rows[i].name,
                                                .has_passed = !is_decided || found <= REASON_FORCED,
                                                .has_bucket = rows[i].yes == REASON_BUCKET};
    }
    if (is_panic)
        ret[count++] = (struct decide_step){.name = "panic", .has_passed = d->variant >= 0};
    return count;
}

/* Panic comes after the holdouts: who is held out is not served now either. */
void decide_init(struct decide *d, struct arena *arena, const struct snapshot *snapshot,
                 const char *visitor_id, const struct condition_value *attributes, int64_t now_us)
{
    *d = (struct decide){
        .snapshot = snapshot,
        .visitor_id = visitor_id,
        .unit = arena_alloc(arena, sizeof(*d->unit)),
        .attributes = attributes,
        .texts = {.arena = arena},
        .now_us = now_us,
        .is_nobody = junk_ids_hold(&snapshot->junk_ids, visitor_id),
        .layer_buckets = arena_alloc(arena, snapshot->layer_count * sizeof(int)),
    };
    bucket_unit_read(d->unit, visitor_id, strlen(visitor_id));
    for (size_t i = 0; i < snapshot->layer_count; i++)
        d->layer_buckets[i] = -1;
    for (size_t i = 0; i < snapshot->holdout_count && !d->is_held_out; i++) {
        struct decision in_or_out = decide_campaign(d, &snapshot->campaigns[i]);
        d->is_held_out = in_or_out.reason == REASON_BUCKET || in_or_out.reason == REASON_FORCED
                             ? in_or_out.campaign->variants[in_or_out.variant].is_control
                             : false;
    }
    d->is_panic = snapshot->is_panic;
}

/* By the holdouts that ask for no attribute. */
static bool is_surely_held_out(struct decide *d)
{
    bool is = false;
    d->is_held_out = d->is_panic = false;
    for (size_t i = 0; i < d->snapshot->holdout_count && !is; i++) {
        const struct snapshot_campaign *holdout = &d->snapshot->campaigns[i];
        if (holdout->audience)
            continue;
        struct decision in_or_out = decide_campaign(d, holdout);
        is = in_or_out.variant >= 0 && holdout->variants[in_or_out.variant].is_control;
    }
    return is;
}

enum claim decide_claim(struct arena *arena, const struct snapshot *snapshot,
                        const struct snapshot_campaign *c, const char *visitor_id, int variant,
                        int64_t now_us)
{
    struct decide d;
    const struct condition_value *unknown =
        arena_zalloc(arena, snapshot->names.count * sizeof(*unknown));
    if (snapshot_find_forced(c, visitor_id) >= 0)
        return CLAIM_FITS;
    decide_init(&d, arena, snapshot, visitor_id, unknown, now_us);
    unsigned bucket = bucket_number_seeded(c->seed, d.unit);
    size_t next = (size_t)variant + 1;
    struct bucket_range whole = {c->owned[variant].from,
                                 next < c->variant_count ? c->owned[next].from : BUCKETS};
    if (!bucket_is_in(&whole, bucket))
        return CLAIM_OTHER;
    bool is_in = bucket_is_in(&c->owned[variant], bucket) &&
                 (!c->layer || owns_layer_bucket(&d, c)) &&
                 (c->can_hold_out || !is_surely_held_out(&d));
    return is_in ? CLAIM_FITS : CLAIM_OUTSIDE;
}

void decide_hash_all(struct decide *d, struct arena *arena)
{
    const struct snapshot *s = d->snapshot;
    d->buckets = arena_alloc(arena, s->running_count * sizeof(*d->buckets));
    bucket_numbers(s->seeds, s->running_count, d->unit, d->buckets);
}
