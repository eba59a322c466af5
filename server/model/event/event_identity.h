// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Which event is the same as another: by the id its sender gave it, or by one that is derived from
 * what it says, so that what is sent again stores nothing twice. Derived ids are of version 8.
 * Pure.
 */
#pragma once

#include "base/arena.h"
#include "base/uuid.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Reads the form with hyphens, or the 32 digits alone, of any case. */
bool event_id_parse(const char *text, size_t length, struct uuid *ret);
/* Of versions 7 and 8: the first 48 bits are milliseconds since 1970. */
bool event_id_has_time(const struct uuid *id);

struct event_exposure {
    const char *campaign;
    json_int_t phase;
    const char *experience, *variant;
};

/* Of an exposure: campaign, phase, experience, variant, environment, unit and the UTC day. A unit
 * seen in two arms keeps both. */
struct uuid event_id_of_exposure(struct arena *arena, const struct event_exposure *exposure,
                                 const char *unit, int environment_id, int64_t told_us);

/* What an event says, but for its properties. */
struct event_word {
    int environment_id;
    const char *visitor_id, *name;
    int64_t told_us; /* when, by the sender's clock */
    bool has_ts;     /* it said when */
};

/* Of any other: environment, visitor, name, time and properties, whatever their order. Two events
 * that say the same are one. Where it did not say when, only the UTC day counts, and the same said
 * twice on one day is one event. */
struct uuid event_id_of_content(const struct event_word *word, const json_t *properties);
