// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/job_due.h"

struct work {
    const struct job_due *due;
    struct arena *arena;
    char *targets;
    size_t count;
};

static char *target_at(const struct work *work, size_t i)
{
    return work->targets + i * work->due->target_bytes;
}

static void on_due(void *arg, const struct pg_answer *answer)
{
    struct work *work = arg;
    work->count = (size_t)pg_row_count(answer->result);
    work->targets = arena_zalloc(work->arena, work->count * work->due->target_bytes);
    for (size_t i = 0; i < work->count; i++)
        work->due->read(answer->result, (int)i, work->arena, target_at(work, i));
}

static enum err read_work(struct job *j, struct work *work, struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, on_due, work, fault);
    if (e)
        return e;
    work->due->send_due(call.pg, job_environment(j), job_on_answer, &call);
    return job_call_wait(&call);
}

static enum err write_one(struct job *j, const struct work *work, size_t i, struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, NULL, NULL, fault);
    if (e)
        return e;
    work->due->send_write(call.pg, target_at(work, i), job_on_answer, &call);
    return job_call_wait(&call);
}

enum err job_due_run(struct job *j, const struct job_due *due, struct buf *out,
                     struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    struct work work = {.due = due, .arena = arena};
    enum err e = read_work(j, &work, ret_fault);
    for (size_t i = 0; i < work.count && !e; i++) {
        e = write_one(j, &work, i, ret_fault);
        if (!e && !job_progress(j, (double)(i + 1) / (double)work.count))
            return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the job was cancelled");
    }
    if (!e)
        buf_printf(out, "{\"phases\":%zu}", work.count);
    return e;
}
