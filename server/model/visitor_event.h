// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One thing a visitor did, as a sender tells it: read, checked and made ready to be stored. Pure.
 * Names and fields of commerce events follow GA4's. Unknown fields are ignored.
 */
#pragma once

#include "base/uuid.h"
#include "model/snapshot.h"

#include <jansson.h>

#define EVENT_PROPERTIES_BYTES 65536
#define EVENT_PAST_DAYS        7
#define EVENT_FUTURE_DAYS      1

/* Why an event is kept but left out of results; bits of visitor_event.marks. */
#define EVENT_MARK_FORCED 4

struct visitor_event {
    const char *visitor_id;
    struct uuid id;
    int32_t day; /* UTC day of the time inside the id, days since 1970 */
    const char *name;
    int64_t ts_us;
    const char *properties; /* JSON text */
    size_t properties_length;
    int marks;
};

/* What holds for all events of one request. */
struct event_rules {
    const struct snapshot_environment *environment;
    bool has_backfill; /* past days are allowed */
    bool is_repaired;  /* the text held lone surrogates: ids must not hold U+FFFD */
    int64_t now_us;
    int64_t skew_us; /* added to ts: how far the sender's clock is behind */
};

/* Reads one event. Texts in *ret live in 'arena'. ERR_INVALID with a pointer relative to the event.
 * An exposure without id gets one derived from (campaign, phase, variant, unit, day), and the
 * running phase where it names none. */
enum err visitor_event_read(const struct event_rules *rules, struct arena *arena, json_t *object,
                            struct visitor_event *ret, struct fault *ret_fault) must_use;
