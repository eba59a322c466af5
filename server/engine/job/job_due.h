// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Jobs that go over phases whose data changed: they ask which are due, and have the database work
 * out and store one after the other.
 */
#pragma once

#include "engine/job/job.h"

struct job_due {
    size_t target_bytes; /* of a target */
    void (*send_due)(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg);
    /* Reads a row of that answer; what the target keeps of it is in the arena. */
    void (*read)(const PGresult *result, int row, struct arena *arena, void *ret_target);
    void (*send_write)(struct pg *pg, const void *target, pg_answer_fn *fn, void *arg);
};

/* Goes over all that is due of the job's environment; writes how many there were. */
enum err job_due_run(struct job *j, const struct job_due *due, struct buf *out,
                     struct fault *ret_fault);
