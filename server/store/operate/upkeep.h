// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the worker does to the tables now and then: days of events that come and go, looks of days
 * that are over, jobs that are due, rows that nobody needs any more. All may be sent at any time
 * and any number of times.
 */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>
#include <stdint.h>

enum upkeep {
    UPKEEP_FOLD,          /* forgets late events' marks, exposures of no phase, old hours */
    UPKEEP_REJECTED,      /* forgets old refused events */
    UPKEEP_JOBS,          /* forgets jobs that ended long ago */
    UPKEEP_DISTRIBUTIONS, /* queues their jobs */
    UPKEEP_OVERLAPS,      /* queues their jobs */
    UPKEEP_SINCE_EXPOSURE /* queues their jobs */
};

/* The answer has no row that says anything. */
void upkeep_send(struct pg *pg, enum upkeep which, pg_answer_fn *fn, void *arg);

/* Makes the partitions of the days (since 1970) 'first' to 'last' that are missing. */
void upkeep_send_partitions(struct pg *pg, int32_t first, int32_t last, pg_answer_fn *fn,
                            void *arg);

/* Stores the looks of at most so many days that are over. */
void upkeep_send_looks(struct pg *pg, int day_limit, pg_answer_fn *fn, void *arg);
/* Of how many days it stored them. */
int upkeep_read_looks(const PGresult *result);

/* So many lines of the audit log are forgotten at once. */
#define UPKEEP_NOTES 5000
/* Forgets refusals and readings in the audit log that are older than so many days. */
void upkeep_send_notes(struct pg *pg, int64_t keep_days, pg_answer_fn *fn, void *arg);
/* How many they were. */
int upkeep_read_notes(const PGresult *result);

/* Drops the oldest day of events, if it is older than so many days and no results need it. */
void upkeep_send_forget(struct pg *pg, int64_t keep_days, pg_answer_fn *fn, void *arg);
/* The day that was dropped, as 2026-07-31; NULL: none. Borrowed from the result. */
const char *upkeep_read_forgotten(const PGresult *result);
