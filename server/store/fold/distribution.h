// SPDX-License-Identifier: GPL-3.0-or-later
/* What jobs read and write to work out quantiles, capped sums and ranks of a campaign's results. */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>

/* Queues a job for a campaign, or finds the one that waits. Answers as job_read_view reads: false,
 * there is no such campaign. */
void distribution_send_start(struct pg *pg, int64_t environment_id, const char *campaign,
                             const char *actor, pg_answer_fn *fn, void *arg);

/* One metric of one phase; texts are borrowed from the result. */
struct distribution_target {
    int64_t campaign_id, phase, metric_id;
    bool is_mean;
    double scale;
    const char *last_day; /* cohort day up to which units count */
    const char *variants; /* JSON */
    double confidence;
    const char *state; /* of the sums */
    bool is_current;   /* what is stored was made of this state */
};
/* Asks for the targets of a campaign, by phase and metric. */
void distribution_send_targets(struct pg *pg, int64_t environment_id, const char *campaign,
                               pg_answer_fn *fn, void *arg);
void distribution_read_target(const PGresult *result, int row, struct distribution_target *ret);

/* How many units of a variant have a value. */
struct distribution_value {
    double value;
    const char *variant; /* borrowed */
    int64_t units;
};
/* Asks how many units of each variant of a target have which value. */
void distribution_send_values(struct pg *pg, const struct distribution_target *target,
                              pg_answer_fn *fn, void *arg);
void distribution_read_value(const PGresult *result, int row, struct distribution_value *ret);

/* Stores a target's document (JSON) at its state; NULL: the one that is there still holds. The
 * answer says nothing. */
void distribution_send_write(struct pg *pg, const struct distribution_target *target,
                             const char *document, pg_answer_fn *fn, void *arg);
