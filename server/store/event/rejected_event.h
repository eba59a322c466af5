// SPDX-License-Identifier: GPL-3.0-or-later
/* Events that were refused, and why: a sample, for people to look at. */
#pragma once

#include "io/pg/pg.h"

/* Texts are cut where they are too long. */
struct rejected_event {
    int environment_id;
    const char *reason;     /* a word */
    const char *name;       /* of the event; "": none can be read */
    const char *visitor_id; /* the same */
    const char *detail;     /* a sentence */
    const char *event;      /* as it came */
};

/* Keeps them; the answer says nothing. */
void rejected_event_send(struct pg *pg, const struct rejected_event *list, size_t count,
                         pg_answer_fn *fn, void *arg);
