// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One question about a visitor to somebody who answers later, and who may answer too late or never
 * be heard of: whoever asks is told in time, with what was found or with nothing. The source and
 * the asker need not know each other; what outlives the asker is the lookup's own.
 */
#pragma once

#include "io/net/loop.h"

#include <jansson.h>

struct lookup;

struct lookup_source {
    const char *name;   /* "profile": what an answer without it says */
    int64_t timeout_us; /* then the asker goes on without */
    /* Leads to exactly one lookup_answer: from within, later, or after the timeout. */
    void (*ask)(void *arg, struct lookup *lookup, const char *visitor_id);
    void *arg;
};

/* 'found': an object, borrowed for the call; NULL: nothing in time. */
typedef void lookup_fn(void *arg, const json_t *found);
/* Asks. fn(arg, …) comes exactly once, later, from the loop, at the timeout at the latest.
 * 'visitor_id' is borrowed for the call. */
void lookup_send(struct loop *l, const struct lookup_source *source, const char *visitor_id,
                 lookup_fn *fn, void *arg);
/* For the source: takes a reference to an object; NULL: it cannot be found out. The lookup is gone
 * afterwards. */
void lookup_answer(struct lookup *lookup, json_t *found);
