// SPDX-License-Identifier: GPL-3.0-or-later
/* Second factors of users: a secret for codes by time, and recovery codes. */
#pragma once

#include "base/token.h"
#include "io/pg/pg.h"

#include <stdbool.h>
#include <stdint.h>

/* What is shown beside a password. */
struct second_factor_proof {
    int64_t step;            /* of the code; 0: it is none by time */
    const uint8_t *recovery; /* hash of a recovery code; NULL: it is none */
};
/* Adds the two parameters that stand for it. */
void second_factor_param(struct pg_params *params, const struct second_factor_proof *proof);

/* Asks whether the user has one, and for the codes left. Answers with a view. */
void second_factor_send_show(struct pg *pg, int64_t user_id, pg_answer_fn *fn, void *arg);
/* Keeps a sealed secret until it is confirmed. */
void second_factor_send_begin(struct pg *pg, int64_t user_id, const uint8_t *sealed, size_t count,
                              pg_answer_fn *fn, void *arg);
struct second_factor_confirming {
    int64_t user_id, step;
    const char *codes;      /* hashes of recovery codes, in hex with commas between */
    const uint8_t *session; /* hash of the token of the session that goes on */
};
void second_factor_send_confirm(struct pg *pg, const struct second_factor_confirming *confirming,
                                pg_answer_fn *fn, void *arg);
void second_factor_send_remove(struct pg *pg, int64_t user_id,
                               const struct second_factor_proof *proof, pg_answer_fn *fn,
                               void *arg);
/* Counts a wrong code; the answer says nothing. */
void second_factor_send_fail(struct pg *pg, int64_t user_id, pg_answer_fn *fn, void *arg);
/* What begin, confirm and remove answer; false: it is not as it was meanwhile. */
bool second_factor_read_changed(const PGresult *result);
