// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What waits in the database: for the fold, for a job's process, for somebody who looks at refused
 * events. Asked only when somebody wants to know, once for all who ask meanwhile. Those who watch a
 * server must hear from it also when its database does not answer: after a second they go without.
 */
#pragma once

#include "io/net/loop.h"
#include "store/event/backlog.h"

#include <stddef.h>

/* Of each measure: what it is called, and the name of the label its subjects have (NULL: none). */
struct backlog_row {
    const char *name;
    const char *label;
    const char *help;
};

extern const struct backlog_row backlog_rows[BACKLOG_COUNT];

struct backlog;

/* 'pg' is borrowed. */
struct backlog *backlog_new(struct loop *l, struct pg *pg);
/* After pg_free: then nobody waits any more. */
void backlog_free(struct backlog *b);

/* 'values': all of them by measure, borrowed; NULL when the database did not answer in time. */
typedef void backlog_fn(void *arg, const struct backlog_value *values, size_t count);
/* Answers through fn, once, from the loop. */
void backlog_ask(struct backlog *b, backlog_fn *fn, void *arg);
