// SPDX-License-Identifier: GPL-3.0-or-later
/* What jobs read and write to find units that met other campaigns too. */
#pragma once

#include "io/pg/pg.h"

/* A phase that is to be gone over; texts are borrowed from the result. */
struct overlap_target {
    int64_t campaign_id, phase, metric_id;
    const char *last_day; /* cohort day up to which units count */
    const char *state;    /* of the sums */
};
void overlap_send_due(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg);
void overlap_read_target(const PGresult *result, int row, struct overlap_target *ret);

/* Works a target out and stores it; the answer says nothing. */
void overlap_send_write(struct pg *pg, const struct overlap_target *target, pg_answer_fn *fn,
                        void *arg);
