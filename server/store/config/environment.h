// SPDX-License-Identifier: GPL-3.0-or-later
/* Which environment a request is about. */
#pragma once

#include "io/pg/pg.h"

#include <stdint.h>

/* Asks for the id of the environment with this key. */
void environment_send_find(struct pg *pg, const char *key, pg_answer_fn *fn, void *arg);
/* Reads the id; 0: there is no such environment. */
int64_t environment_read_id(const PGresult *result);
