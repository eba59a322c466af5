// SPDX-License-Identifier: GPL-3.0-or-later
/* One visitor, looked up by somebody at the desk. */
#pragma once

#include "io/pg/pg.h"

/* What is known of it, and where it was exposed. Answers with a view: see view.h. */
void visitor_send_read(struct pg *pg, int64_t environment_id, const char *visitor_id,
                       pg_answer_fn *fn, void *arg);

struct visitor_exclusion {
    int64_t environment_id;
    const char *actor, *visitor_id;
    const char *reason; /* NULL: it is taken in again */
};
/* Takes a visitor out of results, or in again. Answers with a view. */
void visitor_send_exclusion(struct pg *pg, const struct visitor_exclusion *exclusion,
                            pg_answer_fn *fn, void *arg);

struct visitor_page {
    int64_t environment_id;
    const char *visitor_id;
    int64_t ts_us;        /* with event_id: behind this event; when that is NULL: from the newest */
    const char *event_id; /* 32 hex digits */
    int rows;             /* at most */
};
/* Asks for the visitor's events, the last first. Answers with a page: see page.h; cursors are
 * "<ts_us>_<event_id>". */
void visitor_send_events(struct pg *pg, const struct visitor_page *page, pg_answer_fn *fn,
                         void *arg);
