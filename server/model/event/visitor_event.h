// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One thing a visitor did, as a sender tells it: read, checked and made ready to be stored. Pure.
 * Names and fields of commerce events follow GA4's. Unknown fields are ignored.
 */
#pragma once

#include "base/uuid.h"
#include "model/event/refusal.h"
#include "model/snapshot/snapshot.h"

#include <jansson.h>

#define EVENT_PROPERTIES_BYTES 65536
#define EVENT_PAST_DAYS        7
#define EVENT_FUTURE_DAYS      1
#define EVENT_PHASE_MAX        1000000

/* Why an event is kept but left out of results; bits of visitor_event.marks. */
#define EVENT_MARK_FORCED 4

struct visitor_event {
    const char *visitor_id;
    struct uuid id;
    int32_t day; /* UTC day of the time inside the id, or else of the sender's, since 1970 */
    const char *name;
    int64_t ts_us;
    const char *properties; /* JSON text */
    size_t properties_length;
    int marks;
    const char *unrated; /* currency of its money, when no rate of it is known; else NULL */
    const struct snapshot_campaign
        *campaign; /* of an exposure in the snapshot's phase, else NULL */
    int variant;   /* its index then */
};

/* Puts a time right that a sender told by its own clock. Returns false when that clock is too far
 * off to tell anything. */
typedef bool event_clock_fn(void *arg, const char *visitor_id, int64_t told_us, int64_t *ret_us);

/* What holds for all events of one request. */
struct event_rules {
    const struct snapshot *snapshot;
    bool is_public;    /* the sender shows a key that stands in pages: it is anybody */
    bool has_backfill; /* past days are allowed, and visitors of imports */
    bool is_repaired;  /* the text held lone surrogates: ids must not hold U+FFFD */
    bool is_newest;    /* the snapshot is known to be the newest there is */
    bool can_wait;     /* what only a newer snapshot can judge may be put off */
    int64_t now_us;
    event_clock_fn *clock_fn; /* NULL: times are as they were told */
    void *clock_arg;
};

/* Reads one event. Texts in *ret live in 'arena'. ERR_INVALID with a pointer relative to the event,
 * and in *ret_why what kind of refusal it is.
 * Without id it gets one derived from what it says (event_identity.h); an exposure that names no
 * phase gets the running one. Ids of versions 7 and 8 hold a time; an event with another, or none,
 * is of the day of its ts, or of today. Ids of visitors may be whole numbers, times are read as
 * clock_parse_free reads them. Of anybody (is_public) an experience, which no
 * campaign has, names that are a server's, ids that can be guessed (of other versions than 7 and 4)
 * but an exposure's own are refused: an event that bears the id of an exposure would keep it out.
 * One to a campaign or phase that is not there is refused when the snapshot is_newest; else it may
 * be ahead of it, by one phase. With can_wait it is ERR_STALE: to be read again by the rules of a
 * newer snapshot. */
enum err visitor_event_read(const struct event_rules *rules, struct arena *arena, json_t *object,
                            struct visitor_event *ret, enum refusal *ret_why,
                            struct fault *ret_fault) must_use;
