// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the edges decide from: of each environment one immutable document, compiled into one arena.
 * Everything that can be known before a visitor comes is known here: seeds are hashed, conditions
 * compiled, replies rendered. Pure: reads a text, knows no clock and no database.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "base/token.h"
#include "model/bucket.h"
#include "model/campaign/campaign_kind.h"
#include "model/condition/condition.h"
#include "model/junk_id.h"
#include "model/role.h"

#include <stdbool.h>
#include <stdint.h>

struct buf_slice {
    const char *text;
    size_t length;
};

/* JSON that was rendered before, with holes for what is known of one visitor only: where a flag's
 * value or a change holds {"$fill": name}, the reply holds what a lookup found by that name. */
struct snapshot_hole {
    size_t at; /* in the text */
    const char *name;
};

struct snapshot_text {
    const char *text;
    size_t length;
    const struct snapshot_hole *holes; /* in their order */
    size_t hole_count;
};

struct snapshot_flag {
    const char *key;
    struct snapshot_text rendered_default; /* ,"cta":"Order" */
};

/* A variant's value of one flag, by the flag's index in the snapshot. */
struct snapshot_flag_value {
    unsigned flag;
    struct snapshot_text rendered; /* ,"cta":"Buy" */
};

struct snapshot_variant {
    const char *key;
    bool is_control;
    const struct snapshot_flag_value *flags;
    size_t flag_count;
    struct snapshot_text rendered; /* from "variant": to the flags, without the reason */
    struct snapshot_text served;   /* a comma and the whole decision when the bucket decided */
};

struct snapshot_layer {
    struct bucket_seed seed;
    const char *key;
    unsigned index; /* among the snapshot's layers: a decision hashes each layer once */
};

struct snapshot_forced {
    const char *visitor_id;
    unsigned variant;
};

struct snapshot_campaign {
    int id;
    const char *key;
    enum campaign_kind kind;
    bool can_hold_out; /* of its kind: nobody is held out of it */
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
    size_t running_index;      /* among the running ones of its snapshot */
    int control;               /* index, -1: none */
    struct buf_slice rendered; /* ,{"campaign":…,"phase":…, */
    struct buf_slice unserved; /* the same, and "variant":null,"reason":" */
};

/* How many days old a rate may be: rate_days() of the database. */
#define SNAPSHOT_RATE_DAYS 7

/* The first and last day with a rate of a currency. */
struct snapshot_rate {
    char currency[4];
    int32_t first_day, last_day;
};

struct snapshot;

struct snapshot_key {
    uint8_t sha256[32];
    int id;
    enum role role;
    bool can_send;     /* events: every client key, of secret keys those that have a scope */
    bool has_backfill; /* of past days, too */
    struct snapshot *snapshot; /* of its environment; no reference */
};

struct snapshot {
    struct arena *arena;
    size_t references;
    int64_t version;
    struct buf_slice rendered; /* ,"snapshot":7,"decisions": */
    int environment_id;
    const char *environment_key;
    const char *currency;
    const struct snapshot_rate *rates;
    size_t rate_count;
    bool is_panic;
    bool has_preview_secret; /* else no preview link holds */
    uint8_t preview_secret[TOKEN_SECRET_BYTES];
    bool has_holes;       /* some running campaign's variant has: a lookup can fill them */
    const char **origins; /* allowed web origins; none: every one */
    size_t origin_count;
    struct junk_ids junk_ids;
    const struct snapshot_key *keys; /* sorted by sha256 */
    size_t key_count;
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
    struct buf_slice config_gzip; /* the same, packed, where an edge serves it; empty: it is not */
};

/* Compiles the document of one environment; 'text' is written to (see json_parse). Returns a
 * reference, or NULL with a fault that points to what is wrong: a document that does not fit is
 * refused whole, whatever is wrong with it. May run in any thread. */
struct snapshot *snapshot_compile(int64_t version, char *text, size_t length,
                                  struct fault *ret_fault) must_use;
/* In one thread only. ref returns the same snapshot; the last unref frees it (NULL: nothing). */
struct snapshot *snapshot_ref(struct snapshot *s);
void snapshot_unref(struct snapshot *s);

/* Appends the text, its holes filled with what 'found' (an object or NULL) has by their names, else
 * null. */
void snapshot_text_fill(struct buf *b, const struct snapshot_text *text, const json_t *found);
static inline void snapshot_text_add(struct buf *b, const struct snapshot_text *text,
                                     const json_t *found)
{
    if (text->hole_count == 0)
        buf_add(b, text->text, text->length);
    else
        snapshot_text_fill(b, text, found);
}

/* Is there a rate of a currency that holds on a day, as far as the first and the newest one tell?
 */
bool snapshot_has_rate(const struct snapshot *s, const char *currency, int32_t day);
/* NULL when it is neither running, paused nor lately stopped. */
const struct snapshot_campaign *snapshot_find_campaign(const struct snapshot *s, const char *key);
/* Returns the variant's index, or -1 when the campaign has none of this key. */
int snapshot_find_variant(const struct snapshot_campaign *c, const char *key);
/* The variant a QA visitor is forced into, or -1. */
int snapshot_find_forced(const struct snapshot_campaign *c, const char *visitor_id);
