// SPDX-License-Identifier: GPL-3.0-or-later
/* Lines of the audit log: read, and written where they belong to no change. */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>
#include <stdint.h>

struct audit_note {
    const char *actor;
    int64_t environment_id; /* 0: none */
    const char *action;
    const char *resource;
    const char *after; /* JSON */
};

/* Writes a line; the answer says nothing. */
void audit_send_note(struct pg *pg, const struct audit_note *note, pg_answer_fn *fn, void *arg);

/* Which lines; of texts and times that are NULL or 0, all. */
struct audit_question {
    int64_t environment_id;
    bool has_global;             /* those of no environment, too */
    const char *actor;           /* "user:3", an e-mail address, the name of a key */
    const char *action;          /* "flag.patch", or one half of it */
    const char *resource;        /* its key, or its name */
    int64_t since_us, before_us; /* wall clock */
    int64_t after_us, after_id;  /* where the page begins: behind this line */
    int rows;
};

/* Answers with a view (view.h): the newest first. */
void audit_send_list(struct pg *pg, const struct audit_question *question, pg_answer_fn *fn,
                     void *arg);
