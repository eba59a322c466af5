// SPDX-License-Identifier: GPL-3.0-or-later
/* What waits in the database, as numbers. */
#pragma once

#include "io/pg/pg.h"

enum backlog_measure {
    BACKLOG_FOLD_LAG,   /* seconds */
    BACKLOG_JOBS,       /* by state */
    BACKLOG_JOB_AGE,    /* seconds */
    BACKLOG_REJECTED,   /* by environment */
    BACKLOG_PARTITIONS, /* days from today on */
    BACKLOG_REFUSED,    /* by environment, reason and event, since midnight UTC */
    BACKLOG_COUNT
};

struct backlog_value {
    int64_t measure;            /* enum backlog_measure */
    const char *subject;        /* borrowed from the result; NULL: it is one number */
    const char *reason, *event; /* the same; NULL where subject says all */
    double value;
};

/* Asks for all values, by measure. */
void backlog_send(struct pg *pg, pg_answer_fn *fn, void *arg);
void backlog_read(const PGresult *result, int row, struct backlog_value *ret);
