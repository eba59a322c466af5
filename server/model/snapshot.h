// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the edges decide from: one immutable document, compiled into one arena. Everything that can
 * be known before a visitor comes is known here: seeds are hashed, conditions compiled, replies
 * rendered. Pure: reads a text, knows no clock and no database.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/bucket.h"
#include "model/condition.h"
#include "model/role.h"

#include <stdbool.h>
#include <stdint.h>

enum campaign_kind {
    CAMPAIGN_EXPERIMENT,
    CAMPAIGN_ROLLOUT,
    CAMPAIGN_PERSONALIZATION,
    CAMPAIGN_HOLDOUT
};

struct buf_slice {
    const char *text;
    size_t length;
};

struct snapshot_flag {
    const char *key;
    struct buf_slice rendered_default; /* ,"cta":"Order" */
};

/* A variant's value of one flag, by the flag's index in the environment. */
struct snapshot_flag_value {
    unsigned flag;
    struct buf_slice rendered; /* ,"cta":"Buy" */
};

struct snapshot_variant {
    const char *key;
    bool is_control;
    const struct snapshot_flag_value *flags;
    size_t flag_count;
    struct buf_slice rendered; /* from "variant": to the flags, without the reason */
    struct buf_slice served;   /* a comma and the whole decision when the bucket decided */
};

struct snapshot_layer {
    struct bucket_seed seed;
    unsigned index; /* among the environment's layers: a decision hashes each layer once */
};

struct snapshot_forced {
    const char *visitor_id;
    unsigned variant;
};

struct snapshot_campaign {
    int id;
    const char *key;
    enum campaign_kind kind;
    bool is_running;
    int phase;
    int64_t start_us; /* schedule; INT64_MIN: none */
    int64_t end_us;   /* INT64_MAX: none */
    double coverage;
    struct bucket_seed seed;
    const struct condition *audience;   /* NULL: everybody */
    const struct snapshot_layer *layer; /* NULL: none */
    const struct bucket_range *ranges;
    size_t range_count;
    const struct snapshot_forced *forced;
    size_t forced_count;
    const struct snapshot_variant *variants;
    const struct bucket_range *owned; /* by variant: its buckets */
    size_t variant_count;
    size_t place;              /* among the running ones of its environment */
    int control;               /* index, -1: none */
    struct buf_slice rendered; /* ,{"campaign":…,"phase":…, */
};

struct snapshot_environment {
    int id;
    const char *key;
    const char *currency;
    bool is_panic;
    const char **origins; /* allowed web origins; none: every one */
    size_t origin_count;
    const struct snapshot_flag *flags;
    size_t flag_count;
    const struct snapshot_campaign *campaigns; /* holdouts first, then by priority, then by key */
    size_t campaign_count;
    const struct snapshot_campaign *const *running; /* those of them that run, in their order */
    const struct bucket_seed *seeds;                /* of the running ones */
    size_t running_count;
    size_t layer_count;
    size_t holdout_count;
    struct condition_names names; /* of the attributes that audiences ask about */
    struct buf_slice page;        /* ,"page":{…}: for decisions that a page applies */
    struct buf_slice config;      /* what a browser needs to decide by itself */
};

struct snapshot_key {
    uint8_t sha256[32];
    int id;
    enum role role;
    bool has_backfill;
    const struct snapshot_environment *environment;
};

struct snapshot {
    struct arena *arena;
    int64_t version;
    struct buf_slice rendered; /* ,"snapshot":7,"decisions": */
    const struct snapshot_environment *environments;
    size_t environment_count;
    const struct snapshot_key *keys; /* sorted by sha256 */
    size_t key_count;
};

/* Compiles the document; 'text' is written to (see json_parse). Returns a new snapshot, or NULL
 * with a fault: a document that only partly makes sense is refused whole. */
struct snapshot *snapshot_compile(int64_t version, char *text, size_t length,
                                  struct fault *ret_fault) must_use;
void snapshot_free(struct snapshot *s);

/* NULL when the key is unknown (or revoked, which is the same here). */
const struct snapshot_key *snapshot_find_key(const struct snapshot *s, const uint8_t sha256[32]);
/* NULL when it is neither running, paused nor lately stopped. */
const struct snapshot_campaign *snapshot_find_campaign(const struct snapshot_environment *e,
                                                       const char *key);
/* The variant's index or -1. */
int snapshot_find_variant(const struct snapshot_campaign *c, const char *key);
/* The variant a QA visitor is forced into, or -1. */
int snapshot_find_forced(const struct snapshot_campaign *c, const char *visitor_id);
