// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How often events were refused, by environment, reason and name, until that is stored. Whoever has
 * the public key may invent names without end: of an environment INGEST_TALLY_NAMES are told apart,
 * those of commerce, exposures and page views always, and the others are counted under ''. Pure.
 */
#pragma once

#include "model/event/refusal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INGEST_TALLY_NAMES 64 /* with their reasons */

struct ingest_tally_row {
    int environment_id;
    enum refusal why;
    char *name;
    uint64_t count, sent; /* the first 'sent' of them are on their way */
};

struct ingest_tally {
    struct ingest_tally_row *rows;
    size_t count, room;
};

void ingest_tally_done(struct ingest_tally *t);
void ingest_tally_add(struct ingest_tally *t, int environment_id, enum refusal why,
                      const char *name);
/* All that is there is on its way. */
void ingest_tally_send(struct ingest_tally *t);
/* What was on its way has come, or has not and is there still. */
void ingest_tally_settle(struct ingest_tally *t, bool has_come);
