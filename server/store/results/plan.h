// SPDX-License-Identifier: GPL-3.0-or-later
/* What a plan begins with: what visitors of the last weeks did. */
#pragma once

#include "io/pg/pg.h"

/* By the metric of this key. */
void plan_send_measure(struct pg *pg, int64_t environment_id, const char *metric, pg_answer_fn *fn,
                       void *arg);
/* Weighted sums over visitors: n and d are what one of them did by the metric. */
struct plan_measure_row {
    double days;      /* over which they came; 0: nobody did */
    double visitors;  /* so many */
    int64_t sampled;  /* of which so many were looked at */
    const char *kind; /* of the metric, borrowed from the result; NULL: there is no such metric */
    double n, d, nn, nd, dd;
    double converted;                 /* visitors with n > 0 */
    double ww, wwn, wwnn, wwnd, wwdd; /* with the weights squared */
};
void plan_read_measure(const PGresult *result, struct plan_measure_row *ret);
