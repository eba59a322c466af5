// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/since_exposure.h"

#include "engine/job/job_due.h"
#include "store/fold/since_exposure.h"

static void read_target(const PGresult *result, int row, struct arena *arena, void *ret_target)
{
    struct since_exposure_target *t = ret_target;
    since_exposure_read_target(result, row, t);
    t->state = arena_strdup(arena, t->state);
}

static void send_write(struct pg *pg, const void *target, pg_answer_fn *fn, void *arg)
{
    since_exposure_send_write(pg, target, fn, arg);
}

static const struct job_due due = {
    .target_bytes = sizeof(struct since_exposure_target),
    .send_due = since_exposure_send_due,
    .read = read_target,
    .send_write = send_write,
};

enum err since_exposure_run(struct job *j, const json_t *input, struct buf *out,
                            struct fault *ret_fault)
{
    (void)input;
    return job_due_run(j, &due, out, ret_fault);
}
