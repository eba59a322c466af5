// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A job: work that takes long and was asked for by somebody, written into the table 'job'. Each
 * runs in a process of its own, forked and niced by the worker, so that folding never waits; it has
 * its own database connection and may block. A kind of job is a row of job_kinds. A job whose
 * process dies is begun anew, so it must not matter how often one is begun.
 */
#pragma once

#include "base/err.h"
#include "base/text.h"
#include "io/pg/pg.h"

#include <jansson.h>
#include <stdbool.h>

struct job;

struct job_kind {
    const char *name;
    /* Does it all: 'input' as it was stored, *out gets the result as JSON text. A failure's
     * sentence is shown to who asked for the job. */
    enum err (*run)(struct job *j, const json_t *input, struct buf *out, struct fault *ret_fault);
};

/* Ends with an all-zero row. */
extern const struct job_kind job_kinds[];

int64_t job_environment(const struct job *j);

/* A statement that a job waits for: job_call_begin, then one of store's functions with call->pg,
 * job_on_answer and the call, then job_call_wait. */
struct job_call {
    struct pg *pg;
    struct job *job;
    pg_answer_fn *fn; /* called once, within job_call_wait, if there is an answer; NULL: nobody */
    void *arg;
    enum err err;
    struct fault *fault;
};

/* Returns an error when the job is over; nothing more may then be sent. */
enum err job_call_begin(struct job_call *call, struct job *j, pg_answer_fn *fn, void *arg,
                        struct fault *ret_fault) must_use;
pg_answer_fn job_on_answer;
enum err job_call_wait(struct job_call *call) must_use;

/* Says how much is done, 0 to 1; cheap to call often. False: the job was cancelled or its database
 * is gone, so end soon, with whatever error. */
bool job_progress(struct job *j, double done);

/* The process: claims jobs until none waits, and does them. Returns its exit status. */
int job_main(const char *conninfo);
