// SPDX-License-Identifier: GPL-3.0-or-later
/* All that the results of a campaign's phase are worked out from, as of one moment. */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>

/* By all dimensions, in two halves. */
#define RESULTS_HALVES "*"

struct results_query {
    int64_t environment_id;
    const char *campaign;
    int phase;             /* 0: the newest */
    const char *dimension; /* to break down by; "" for none, RESULTS_HALVES: see results.sql */
};
void results_send(struct pg *pg, const struct results_query *query, pg_answer_fn *fn, void *arg);

/* JSON texts, borrowed from the result; their sums are texts themselves, exact whatever their size.
 */
struct results_texts {
    const char *head, *metrics, *sums, *looks;
    bool has_dimension; /* the phase has the one that was asked for */
};
/* Returns false when there is no such campaign. */
bool results_read_texts(const PGresult *result, struct results_texts *ret);
