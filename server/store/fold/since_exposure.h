// SPDX-License-Identifier: GPL-3.0-or-later
/* What jobs read and write to find what units did on each day since their exposure. */
#pragma once

#include "io/pg/pg.h"

/* A phase that is to be gone over; texts are borrowed from the result. */
struct since_exposure_target {
    int64_t campaign_id, phase;
    const char *state; /* of the data */
};
void since_exposure_send_due(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg);
void since_exposure_read_target(const PGresult *result, int row, struct since_exposure_target *ret);

/* Works a target out and stores it; the answer says nothing. */
void since_exposure_send_write(struct pg *pg, const struct since_exposure_target *target,
                               pg_answer_fn *fn, void *arg);
