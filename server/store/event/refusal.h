// SPDX-License-Identifier: GPL-3.0-or-later
/* How often events were refused or left out, by reason and name. */
#pragma once

#include "io/pg/pg.h"

struct refusal_count {
    int environment_id;
    const char *reason, *name;
    int64_t count;
};

/* Adds to what the writer has counted today; the answer says nothing. */
void refusal_send_add(struct pg *pg, int writer, const struct refusal_count *list, size_t count,
                      pg_answer_fn *fn, void *arg);
struct refusal_question {
    int64_t environment_id;
    int days;    /* UTC, up to today */
    int samples; /* of each at most */
};

/* Answers with a view: see view.h. */
void refusal_send_list(struct pg *pg, const struct refusal_question *q, pg_answer_fn *fn,
                       void *arg);
