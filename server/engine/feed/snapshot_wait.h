// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Those who must know that nothing newer is there: all who wait share one question, and one is on
 * its way at a time, so that asking without end costs the database no more than one small statement
 * after the other. Who is not answered within a second is told so.
 */
#pragma once

#include "io/net/loop.h"

#include <stdbool.h>

struct snapshot_wait {
    /* is_newest: what PostgreSQL had after the wait began is in use. Else it could not be asked and
     * read in time, or does not fit. */
    void (*fn)(void *arg, bool is_newest);
    void *arg;
    struct snapshot_wait *next; /* used by the feed */
};

struct snapshot_waits {
    struct snapshot_wait *waiting, *asked; /* for the next question; for the one on its way */
    struct loop_timer *timeout;
    bool is_asking;
};

void snapshot_waits_init(struct snapshot_waits *w, struct loop *l);
void snapshot_waits_done(struct snapshot_waits *w);
void snapshot_waits_add(struct snapshot_waits *w, struct snapshot_wait *wait);
/* Returns true when the caller must send a question now, and call snapshot_waits_on_answer with its
 * answer. */
bool snapshot_waits_begin(struct snapshot_waits *w);
/* Takes the answer in. Without one ('has_answer' is false), all who wait are told so. */
void snapshot_waits_on_answer(struct snapshot_waits *w, bool has_answer);
/* Somebody asked, and the answer has come. */
bool snapshot_waits_is_due(const struct snapshot_waits *w);
/* Tells those who asked. */
void snapshot_waits_end(struct snapshot_waits *w, bool is_newest);
