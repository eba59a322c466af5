// SPDX-License-Identifier: GPL-3.0-or-later
/* Each environment's newest snapshot. */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>

/* Which environments there are, and the version of each one's snapshot. */
void snapshot_send_versions(struct pg *pg, pg_answer_fn *fn, void *arg);
struct snapshot_version {
    int64_t environment_id, version;
};
void snapshot_read_version(const PGresult *result, int row, struct snapshot_version *ret);

/* Asks for an environment's newest snapshot, for edges. */
void snapshot_send_read(struct pg *pg, int environment_id, pg_answer_fn *fn, void *arg);
/* Asks for the same, for the desk, unless its version is this one. */
void snapshot_send_other(struct pg *pg, int environment_id, int64_t version, pg_answer_fn *fn,
                         void *arg);
struct snapshot_document {
    int64_t version;
    const char *document; /* JSON, borrowed from the result */
};
/* Reads what either was answered; returns false when there is no snapshot. */
bool snapshot_read_document(const PGresult *result, struct snapshot_document *ret);
