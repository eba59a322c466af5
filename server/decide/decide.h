// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who gets what: decision = f(snapshot, unit, attributes, clock). Pure; the same answer here, in
 * the SDK and in any re-run. The order: running → somebody (not an id of nobody, which would be one
 * bucket for all who have it) → in schedule → forced (QA) → holdout → layer → audience → bucket.
 * Each step can say no, and the reason is kept. Panic then serves the control instead of the
 * variant that was found; who would not have been served is not served.
 */
#pragma once

#include "model/snapshot/snapshot.h"

enum reason {
    REASON_BUCKET,      /* served: the bucket belongs to the variant */
    REASON_FORCED,      /* served: a QA visitor */
    REASON_PANIC,       /* the control instead of a variant; without a control nothing */
    REASON_NOT_RUNNING, /* paused or stopped */
    REASON_JUNK_ID,     /* the id is nobody's: no event of it would count either */
    REASON_SCHEDULE,    /* before its start or after its end */
    REASON_HOLDOUT,     /* the visitor is held out of everything */
    REASON_LAYER,       /* the visitor's bucket of the layer belongs to another campaign */
    REASON_AUDIENCE,    /* the condition does not match */
    REASON_COVERAGE,    /* the bucket belongs to nobody yet */
    REASON_COUNT
};

/* "bucket", "forced", … as the API shows it */
const char *reason_name(enum reason reason);

/* One visitor's question and what was found out on the way; lives for one request. */
struct decide {
    const struct snapshot *snapshot;
    const char *visitor_id;
    struct bucket_unit *unit;                 /* the visitor */
    const struct condition_value *attributes; /* by slot */
    struct condition_texts texts;             /* of the attributes that are arrays */
    int64_t now_us;
    bool is_nobody;
    bool is_held_out;
    bool is_panic;
    int *layer_buckets; /* by layer index; -1: not hashed yet */
    uint16_t *buckets;  /* by running_index, after decide_hash_all; else NULL */
};

struct decision {
    const struct snapshot_campaign *campaign;
    int variant; /* index, -1: not served */
    enum reason reason;
    int bucket; /* 0..9999; -1 when the decision ended before */
};

/* Evaluates the holdouts. 'snapshot', 'visitor_id' (an id, see text_is_id) and 'attributes' (by
 * the snapshot's slots) are borrowed until the end. */
void decide_init(struct decide *d, struct arena *arena, const struct snapshot *snapshot,
                 const char *visitor_id, const struct condition_value *attributes, int64_t now_us);
/* For who will ask about most of the running campaigns: hashes the visitor for all of them at once,
 * at half the price. Changes no decision. */
void decide_hash_all(struct decide *d, struct arena *arena);
struct decision decide_campaign(struct decide *d, const struct snapshot_campaign *campaign);

/* What can be said of a visitor who claims to have met a variant, whose attributes nobody knows. */
enum claim {
    CLAIM_FITS,
    CLAIM_OTHER,  /* its bucket belongs to another variant, whatever the coverage */
    CLAIM_OUTSIDE /* its bucket is not covered, the layer's is another campaign's, or it is held out
                   */
};

/* Judges by buckets alone: audiences, schedules and whether the campaign still runs are left open,
 * as are holdouts with an audience. A forced visitor may have met any variant. */
enum claim decide_claim(struct arena *arena, const struct snapshot *snapshot,
                        const struct snapshot_campaign *campaign, const char *visitor_id,
                        int variant, int64_t now_us);

/* One step on the way to a decision. */
struct decide_step {
    const char *name; /* "running", "audience", … */
    bool has_passed;
    bool has_bucket; /* the step that looked at the decision's bucket */
};

#define DECIDE_STEPS 9

/* Lists the steps that a decision took, up to the one that decided. Returns their number. */
size_t decide_trace(const struct decision *decision, struct decide_step ret_steps[DECIDE_STEPS]);
