// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a decide request asks: who, what is known of it, and about which campaigns. Nearly every
 * body is plain JSON with a handful of attributes: it is walked over once, and each attribute goes
 * straight to the slot that conditions look at. Any other body takes the way over a tree, with the
 * same result.
 */
#pragma once

#include "model/snapshot/snapshot.h"

#include <jansson.h>

/* The largest text of one. */
#define QUESTION_BYTES (256 * 1024)

struct question {
    const char *visitor_id;                   /* an id, see text_is_id */
    const struct condition_value *attributes; /* by the slots of the snapshot's names */
    const json_t *campaigns;                  /* an array of strings, or NULL: all */
    json_t *kept;                             /* what the above borrow from; may be NULL */
};

/* Reads {"visitor_id":…,"attributes":{…},"campaigns":[…]}; 'text' is written to. The question
 * borrows from text and arena; done with question_done, also after an error. */
enum err question_read(struct question *ret, struct arena *arena, const struct snapshot *s,
                       char *text, size_t length, struct fault *ret_fault) must_use;
void question_done(struct question *q);
