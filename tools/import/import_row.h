// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One CSV row as events: an exposure, then what the mapping makes of the row. Ids are hashes of
 * what they name (source, row, event) behind the row's time, so that the same row always makes the
 * same ids and sending it again changes nothing. Pure: no network, no clock.
 */
#pragma once

#include "tools/csv/csv.h"
#include "tools/import/mapping/mapping.h"

struct import_source {
    struct mapping *mapping;
    uint8_t digest[32];         /* of the CSV's content */
    const char *currency;       /* of money events; NULL: none */
    int phase;                  /* 0: not told */
    const char *visitor_prefix; /* before every visitor's id; NULL: not known yet */
};

/* One event as a JSON object. */
typedef void import_event_fn(void *arg, const char *json, size_t length);

/* What a row says, for a report. */
struct import_facts {
    char visitor_id[300];
    const struct mapping_variant *variant; /* NULL: the row is left out, and nothing else is set */
    int64_t exposed_us, first_us, last_us; /* of the exposure, and of all its events */
    struct {
        int64_t count, before_exposure;
        double sum; /* of values; 0 where there are none */
    } events[MAPPING_EVENTS];
};

/* Reads a row as import_row does, and fails as it does. */
enum err import_row_facts(const struct import_source *source, const struct csv *csv, uint64_t row,
                          struct import_facts *ret_facts, struct fault *ret_fault) must_use;

/* Calls fn for each event of the current record, whose number is 'row' (from 1, the header not
 * counted). ERR_INVALID: nothing was called; the pointer names the field of the mapping, the detail
 * the column. A left-out variant makes no event. */
enum err import_row(const struct import_source *source, const struct csv *csv, uint64_t row,
                    import_event_fn *fn, void *arg, struct fault *ret_fault) must_use;
