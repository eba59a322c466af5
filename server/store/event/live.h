// SPDX-License-Identifier: GPL-3.0-or-later
/* What came last: stored with what it did, or refused. */
#pragma once

#include "io/pg/pg.h"

struct live_question {
    int64_t environment_id;
    const char *visitor_id;   /* NULL: of all */
    const char *kept_visitor; /* how samples of refused events call it */
    const char *name;         /* NULL: of any */
    const char *kept_name;    /* as kept_visitor */
    bool is_uncounted;        /* only what does not count */
    int rows;
};

/* Answers with a view: see view.h. */
void live_send_list(struct pg *pg, const struct live_question *q, pg_answer_fn *fn, void *arg);
