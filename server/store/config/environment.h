// SPDX-License-Identifier: GPL-3.0-or-later
/* Which environment a request is about, and which are open to whom. */
#pragma once

#include "io/pg/pg.h"
#include "model/role.h"

#include <stdint.h>

/* Asks for the id of the environment with this key. */
void environment_send_find(struct pg *pg, const char *key, pg_answer_fn *fn, void *arg);
/* Asks for it, and for the user's role there. */
void environment_send_open(struct pg *pg, const char *key, int64_t user_id, pg_answer_fn *fn,
                           void *arg);
/* Reads the id and the role, ROLE_NONE: it is closed. 0: there is no such environment, and the role
 * stays as it is. */
int64_t environment_read_open(const PGresult *result, enum role *ret_role);
/* Reads the id; 0: there is no such environment. */
int64_t environment_read_id(const PGresult *result);

/* Asks for a page (page.h) of those that are open to the user: 'rows' at most, behind the key
 * 'after', or NULL. */
void environment_send_list_open(struct pg *pg, int64_t user_id, const char *after, int rows,
                                pg_answer_fn *fn, void *arg);
