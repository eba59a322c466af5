// SPDX-License-Identifier: GPL-3.0-or-later
/* A sample of an environment's visitors, with what their events told of them. */
#pragma once

#include "io/pg/pg.h"

#include <stdint.h>

struct audience_row {
    double weight;          /* the visitor stands for so many */
    const char *attributes; /* a JSON object; borrowed from the result */
};

void audience_send(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg);
int audience_count(const PGresult *result);
void audience_read(const PGresult *result, int row, struct audience_row *ret);
