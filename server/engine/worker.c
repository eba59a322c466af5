// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/worker.h"

#include "base/mem.h"
#include "engine/task.h"

struct worker {
    struct worker_options options; /* what tasks and parts are given: with on_unfit of this file */
    void (*on_unfit)(void *arg, const char *why);
    void *unfit_arg;
    struct loop *loop;
    struct task_list *tasks;
    void **parts; /* by worker_parts */
    size_t part_count;
    size_t running; /* parts that have not stopped yet */
    loop_fn *on_drained;
    void *drained_arg;
    bool is_unfit;
};

/* Several connections find it out; one is told of. */
static void on_unfit(void *arg, const char *why)
{
    struct worker *w = arg;
    if (w->is_unfit || w->on_drained)
        return;
    w->is_unfit = true;
    w->on_unfit(w->unfit_arg, why);
}

struct worker *worker_new(struct loop *l, const struct worker_options *options)
{
    struct worker *w = mem_zalloc(sizeof(*w));
    w->options = *options;
    w->options.on_unfit = on_unfit;
    w->options.arg = w;
    w->on_unfit = options->on_unfit;
    w->unfit_arg = options->arg;
    w->loop = l;
    w->tasks = task_list_new(l, worker_tasks, worker_task_count, &w->options);
    w->part_count = worker_part_count;
    w->parts = mem_zalloc(w->part_count * sizeof(*w->parts));
    for (size_t i = 0; i < w->part_count; i++)
        w->parts[i] = worker_parts[i].start(l, &w->options, w->tasks);
    return w;
}

static void on_part_stopped(void *arg)
{
    struct worker *w = arg;
    if (--w->running == 0)
        w->on_drained(w->drained_arg);
}

void worker_drain(struct worker *w, loop_fn *fn, void *arg)
{
    w->on_drained = fn;
    w->drained_arg = arg;
    w->running = w->part_count;
    task_list_stop(w->tasks);
    for (size_t i = 0; i < w->part_count; i++)
        worker_parts[i].stop(w->parts[i], on_part_stopped, w);
}

void worker_free(struct worker *w)
{
    task_list_stop(w->tasks);
    for (size_t i = 0; i < w->part_count; i++)
        worker_parts[i].free(w->parts[i]);
    task_list_free(w->tasks);
    mem_free(w->parts);
    mem_free(w);
}
