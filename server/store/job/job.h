// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The table of jobs: asking for one, looking at them, and what the process that does one says of
 * it.
 */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>

/* Whether there is a job that nobody works on. */
void job_send_waiting(struct pg *pg, pg_answer_fn *fn, void *arg);
bool job_read_waiting(const PGresult *result);

/* Takes the first job that nobody works on, for this session. */
void job_send_claim(struct pg *pg, pg_answer_fn *fn, void *arg);
struct job_row {
    int64_t id, environment_id;
    const char *kind, *input; /* borrowed from the result; the input is JSON */
};
/* Returns false when no job waits. */
bool job_read_claimed(const PGresult *result, struct job_row *ret);

/* Says how much of a job is done, 0 to 1. */
void job_send_progress(struct pg *pg, int64_t id, double done, pg_answer_fn *fn, void *arg);
/* Returns false when the job was cancelled. */
bool job_read_progress(const PGresult *result);

/* Ends a job: with a result (JSON), or with the sentence why there is none; the other is NULL. The
 * answer says nothing. */
void job_send_end(struct pg *pg, int64_t id, const char *result, const char *problem,
                  pg_answer_fn *fn, void *arg);

struct job_wish {
    int64_t environment_id;
    const char *kind;
    const char *input; /* JSON */
    const char *actor;
    int open_most; /* of the environment, waiting or at work */
};
void job_send_start(struct pg *pg, const struct job_wish *wish, pg_answer_fn *fn, void *arg);
void job_send_read(struct pg *pg, int64_t environment_id, int64_t id, pg_answer_fn *fn, void *arg);
/* What a job is to who asks for it. */
struct job_view {
    int64_t id;
    const char *view; /* a JSON object, borrowed from the result */
};
/* Returns false when too many jobs are open, or there is no such job. */
bool job_read_view(const PGresult *result, struct job_view *ret);

/* Which jobs are asked for; NULL: all. */
struct job_page {
    int64_t environment_id;
    const char *after; /* those before this id */
    const char *kind, *campaign;
    int rows;
};

/* Answers with a page: see page.h. Newest first. */
void job_send_list(struct pg *pg, const struct job_page *page, pg_answer_fn *fn, void *arg);

void job_send_cancel(struct pg *pg, int64_t environment_id, int64_t id, pg_answer_fn *fn,
                     void *arg);
/* Returns false when there is no such job. *ret_was_open says that it had not ended before. */
bool job_read_cancelled(const PGresult *result, bool *ret_was_open);
