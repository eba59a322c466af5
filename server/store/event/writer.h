// SPDX-License-Identifier: GPL-3.0-or-later
/* Under which number a session writes events. */
#pragma once

#include "io/pg/pg.h"

/* Leases one, for as long as the session lives. */
void writer_send_lease(struct pg *pg, pg_answer_fn *fn, void *arg);
struct writer_row {
    int64_t writer;
    int64_t seq;    /* the last one used */
    int64_t slices; /* visitors are dealt out to so many */
};
void writer_read_lease(const PGresult *result, struct writer_row *ret);
