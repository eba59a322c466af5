// SPDX-License-Identifier: GPL-3.0-or-later
/* What consumers of events are to do, and their steps: a consumer is known by its number. */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>

/* Numbers are below it. */
#define FOLD_CONSUMERS 3

bool fold_has_consumer(int64_t consumer);

/* Where there is something to do. */
void fold_send_due(struct pg *pg, pg_answer_fn *fn, void *arg);
struct fold_due_row {
    int64_t consumer, slice;
    int64_t rest_ms; /* how long the slice is left alone when it has been read to its end */
};
void fold_read_due(const PGresult *result, int row, struct fold_due_row *ret);

/* One step of a consumer there is, in a slice, of about so many events. */
void fold_send_step(struct pg *pg, int consumer, int slice, int event_count, pg_answer_fn *fn,
                    void *arg);
struct fold_step_row {
    int64_t row_count, visitor_count; /* events read, visitors worked out */
    bool is_more;                     /* there is more to do */
    bool is_held;                     /* another session is at the slice */
    bool is_swept;                    /* the slice has gone over all units of something */
};
void fold_read_step(const PGresult *result, struct fold_step_row *ret);

/* Says of what every slice has gone over that it is done. The answer says nothing. */
void fold_send_finish(struct pg *pg, pg_answer_fn *fn, void *arg);
