// SPDX-License-Identifier: GPL-3.0-or-later
/* A phase's units by parts: days, and values of dimensions. */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>

/* phase 0: the newest. */
void split_send(struct pg *pg, int64_t environment_id, const char *campaign, int phase,
                pg_answer_fn *fn, void *arg);

/* JSON texts, borrowed from the result. */
struct split_texts {
    const char *head, *parts;
};
/* Returns false when there is no such campaign. */
bool split_read_texts(const PGresult *result, struct split_texts *ret);
