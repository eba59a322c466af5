// SPDX-License-Identifier: GPL-3.0-or-later
/* What jobs read to split a campaign's visitors anew: its metrics and its units. */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>

/* What a phase (0: the newest) of a campaign is measured by; no row: there is no such campaign. */
void prove_send_metrics(struct pg *pg, int64_t environment_id, const char *campaign, int64_t phase,
                        pg_answer_fn *fn, void *arg);
struct prove_metric_row {
    int64_t campaign_id, phase;
    int64_t metric_id;      /* 0: the campaign has no metric yet */
    const char *key, *kind; /* borrowed from the result */
};
void prove_read_metric(const PGresult *result, int row, struct prove_metric_row *ret);

struct prove_page {
    int64_t campaign_id, phase;
    const char *after; /* behind this unit; "" from the beginning */
    int64_t since_us;  /* exposed then or later */
    int units;         /* at most */
};
/* A row for each metric of which a unit has an outcome, one without metric for a unit without any;
 * rows of a unit stand together. */
void prove_send_units(struct pg *pg, const struct prove_page *page, pg_answer_fn *fn, void *arg);
struct prove_unit_row {
    const char *unit_id; /* borrowed */
    int64_t exposed_us;
    int64_t metric_id; /* 0: there is no outcome */
    int64_t numerator, denominator;
};
void prove_read_unit(const PGresult *result, int row, struct prove_unit_row *ret);
