// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Statements that are due again and again, as a table: a row says what is sent, on which connection
 * and how long after its end it begins anew. Those of one connection wait for each other, those of
 * different ones do not. Runs in the worker; a task is never under way twice.
 */
#pragma once

#include "engine/worker_options.h"
#include "io/net/loop.h"
#include "io/pg/pg.h"
#include "store/operate/upkeep.h"

#include <stdbool.h>

/* The connections of the table, each with what may take about as long. */
enum task_connection {
    TASK_CARE,  /* partitions, trimming, tidying, retention */
    TASK_LOOKS, /* days that are over: may store a year */
    TASK_CONNECTIONS
};

/* What a row's send needs: where to send, and whom the answer goes to. */
struct task_call {
    struct pg *pg;
    const struct worker_options *options;
    const struct task_row *row;
    pg_answer_fn *fn;
    void *arg;
};

struct task_row {
    const char *name; /* in the log when it failed */
    enum task_connection connection;
    int64_t period_us;
    /* Sends one statement. False: it sent none, there is nothing to do this time. */
    bool (*send)(const struct task_call *call);
    enum upkeep upkeep; /* for rows whose send takes it from here */
    /* Reads the answer, and returns whether there is more to do, so that it is sent again at once.
     * NULL: it never is. */
    bool (*on_done)(const struct worker_options *options, const PGresult *result);
};

extern const struct task_row worker_tasks[];
extern const size_t worker_task_count;

struct task_list;

/* Opens the connections; each row begins when its own is ready. 'rows' and 'options' are borrowed.
 */
struct task_list *task_list_new(struct loop *l, const struct task_row *rows, size_t count,
                                const struct worker_options *options);
/* The tasks of this connection begin now, those under way once more when they have ended. */
void task_list_wake(struct task_list *t, enum task_connection which);
/* Begins no further task. */
void task_list_stop(struct task_list *t);
/* The database rolls back what is in work. */
void task_list_free(struct task_list *t);
