// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/since_exposure.h"

#include "store/fold/since_exposure.h"

struct work {
    struct arena *arena;
    struct since_exposure_target *targets;
    size_t count;
};

static void on_due(void *arg, const struct pg_answer *answer)
{
    struct work *work = arg;
    work->count = (size_t)pg_row_count(answer->result);
    work->targets = arena_zalloc(work->arena, work->count * sizeof(*work->targets));
    for (size_t i = 0; i < work->count; i++) {
        struct since_exposure_target *t = &work->targets[i];
        since_exposure_read_target(answer->result, (int)i, t);
        t->state = arena_strdup(work->arena, t->state);
    }
}

static enum err read_work(struct job *j, struct work *work, struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, on_due, work, fault);
    if (e)
        return e;
    since_exposure_send_due(call.pg, job_environment(j), job_on_answer, &call);
    return job_call_wait(&call);
}

static enum err write_one(struct job *j, const struct since_exposure_target *t, struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, NULL, NULL, fault);
    if (e)
        return e;
    since_exposure_send_write(call.pg, t, job_on_answer, &call);
    return job_call_wait(&call);
}

enum err since_exposure_run(struct job *j, const json_t *input, struct buf *out,
                            struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    struct work work = {.arena = arena};
    (void)input;
    enum err e = read_work(j, &work, ret_fault);
    for (size_t i = 0; i < work.count && !e; i++) {
        e = write_one(j, &work.targets[i], ret_fault);
        if (!e && !job_progress(j, (double)(i + 1) / (double)work.count))
            return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the job was cancelled");
    }
    if (!e)
        buf_printf(out, "{\"phases\":%zu}", work.count);
    return e;
}
