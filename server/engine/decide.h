// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who gets what: decision = f(snapshot, unit, attributes, clock). Pure; the same answer here, in
 * the SDK and in any re-run. The order: panic → running and in schedule → forced (QA) → holdout →
 * layer → audience → bucket. Each step can say no, and the reason is kept.
 */
#pragma once

#include "model/snapshot.h"

enum reason {
    REASON_BUCKET,      /* served: the bucket belongs to the variant */
    REASON_FORCED,      /* served: a QA visitor */
    REASON_PANIC,       /* everybody gets the control; a rollout without one serves nothing */
    REASON_NOT_RUNNING, /* paused or stopped */
    REASON_SCHEDULE,    /* before its start or after its end */
    REASON_HOLDOUT,     /* the visitor is held out of everything */
    REASON_LAYER,       /* the visitor's place in the layer belongs to another campaign */
    REASON_AUDIENCE,    /* the condition does not match */
    REASON_COVERAGE,    /* the bucket belongs to nobody yet */
    REASON_COUNT
};

/* "bucket", "forced", … as the API shows it */
const char *reason_name(enum reason reason);

/* One visitor's question and what was found out on the way; lives for one request. */
struct decide {
    const struct snapshot_environment *environment;
    const char *visitor_id;
    struct bucket_unit *unit;                 /* the visitor */
    const struct condition_value *attributes; /* by slot */
    int64_t now_us;
    bool is_held_out;
    int *layer_buckets; /* by layer index; -1: not hashed yet */
    uint16_t *buckets;  /* of the running campaigns by place, after decide_hash_all; else NULL */
};

struct decision {
    const struct snapshot_campaign *campaign;
    int variant; /* index, -1: not served */
    enum reason reason;
    int bucket; /* 0..9999; -1 when the decision ended before */
};

/* Evaluates the holdouts. 'environment', 'visitor_id' (an id, see text_is_id) and 'attributes' (by
 * the environment's slots) are borrowed until the end. */
void decide_init(struct decide *d, struct arena *arena,
                 const struct snapshot_environment *environment, const char *visitor_id,
                 const struct condition_value *attributes, int64_t now_us);
/* For who will ask about most of the running campaigns: hashes the visitor for all of them at once,
 * at half the price. Changes no decision. */
void decide_hash_all(struct decide *d, struct arena *arena);
struct decision decide_campaign(struct decide *d, const struct snapshot_campaign *campaign);
