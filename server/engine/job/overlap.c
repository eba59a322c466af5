// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/overlap.h"

#include "engine/job/job_due.h"
#include "store/fold/overlap.h"

static void read_target(const PGresult *result, int row, struct arena *arena, void *ret_target)
{
    struct overlap_target *t = ret_target;
    overlap_read_target(result, row, t);
    t->last_day = arena_strdup(arena, t->last_day);
    t->state = arena_strdup(arena, t->state);
}

static void send_write(struct pg *pg, const void *target, pg_answer_fn *fn, void *arg)
{
    overlap_send_write(pg, target, fn, arg);
}

static const struct job_due due = {
    .target_bytes = sizeof(struct overlap_target),
    .send_due = overlap_send_due,
    .read = read_target,
    .send_write = send_write,
};

enum err overlap_run(struct job *j, const json_t *input, struct buf *out, struct fault *ret_fault)
{
    (void)input;
    return job_due_run(j, &due, out, ret_fault);
}
