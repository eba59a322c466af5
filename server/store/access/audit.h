// SPDX-License-Identifier: GPL-3.0-or-later
/* Lines of the audit log that belong to no change. */
#pragma once

#include "io/pg/pg.h"

#include <stdint.h>

struct audit_note {
    const char *actor;
    int64_t environment_id; /* 0: none */
    const char *action;
    const char *resource;
    const char *after; /* JSON */
};

/* Writes a line; the answer says nothing. */
void audit_send_note(struct pg *pg, const struct audit_note *note, pg_answer_fn *fn, void *arg);
