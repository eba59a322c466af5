// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/mem.h"
#include "base/process/log.h"
#include "engine/fold/fold.h"
#include "engine/job/job_runner.h"
#include "engine/task.h"
#include "engine/worker.h"

#define CARE_US (60 * SECOND_US)
/* Days in one transaction: an import of a year is stored in parts. */
#define LOOK_DAYS 50

/* Events of the last days are still taken, and those of tomorrow's clocks; some days more, so that
 * a worker that is away for a weekend leaves no gap. */
#define DAYS_BEHIND 7
#define DAYS_AHEAD  3

static bool send_partitions(const struct task_call *call)
{
    int32_t today = clock_day(clock_wall_us());
    upkeep_send_partitions(call->pg, today - DAYS_BEHIND, today + DAYS_AHEAD, call->fn, call->arg);
    return true;
}

static bool send_upkeep(const struct task_call *call)
{
    upkeep_send(call->pg, call->row->upkeep, call->fn, call->arg);
    return true;
}

static bool send_looks(const struct task_call *call)
{
    upkeep_send_looks(call->pg, LOOK_DAYS, call->fn, call->arg);
    return true;
}

static bool on_looks(const struct worker_options *options, const PGresult *result)
{
    (void)options;
    return upkeep_read_looks(result) == LOOK_DAYS;
}

static bool send_forget(const struct task_call *call)
{
    if (call->options->keep_days == 0)
        return false;
    upkeep_send_forget(call->pg, call->options->keep_days, call->fn, call->arg);
    return true;
}

static bool send_notes(const struct task_call *call)
{
    if (call->options->note_days == 0)
        return false;
    upkeep_send_notes(call->pg, call->options->note_days, call->fn, call->arg);
    return true;
}

static bool on_notes(const struct worker_options *options, const PGresult *result)
{
    (void)options;
    return upkeep_read_notes(result) == UPKEEP_NOTES;
}

/* One day at a time: each is a short lock. */
static bool on_forget(const struct worker_options *options, const PGresult *result)
{
    const char *day = upkeep_read_forgotten(result);
    if (!day)
        return false;
    log_info("events of %s are older than %lld days and were dropped", day,
             (long long)options->keep_days);
    return true;
}

/* clang-format off */
const struct task_row worker_tasks[] = {
    {"partitions",     TASK_CARE,  CARE_US, send_partitions, 0, NULL},
    {"tidying",        TASK_CARE,  CARE_US, send_upkeep, UPKEEP_FOLD, NULL},
    {"refused events", TASK_CARE,  CARE_US, send_upkeep, UPKEEP_REJECTED, NULL},
    {"old jobs",       TASK_CARE,  CARE_US, send_upkeep, UPKEEP_JOBS, NULL},
    {"distributions",  TASK_CARE,  CARE_US, send_upkeep, UPKEEP_DISTRIBUTIONS, NULL},
    {"overlaps",       TASK_CARE,  CARE_US, send_upkeep, UPKEEP_OVERLAPS, NULL},
    {"since exposure", TASK_CARE,  CARE_US, send_upkeep, UPKEEP_SINCE_EXPOSURE, NULL},
    {"retention",      TASK_CARE,  CARE_US, send_forget, 0, on_forget},
    {"audit notes",    TASK_CARE,  CARE_US, send_notes, 0, on_notes},
    {"looks",          TASK_LOOKS, CARE_US, send_looks, 0, on_looks},
};
/* clang-format on */
const size_t worker_task_count = sizeof(worker_tasks) / sizeof(worker_tasks[0]);

/* The fold, and where to say that days which waited for it can be closed. */
struct fold_part {
    struct fold *fold;
    struct task_list *tasks;
    const struct worker_options *options;
};

static void on_finished(void *arg)
{
    const struct fold_part *part = arg;
    task_list_wake(part->tasks, TASK_LOOKS);
}

static void on_unfit(void *arg, const char *why)
{
    const struct fold_part *part = arg;
    part->options->on_unfit(part->options->arg, why);
}

static void *start_fold(struct loop *l, const struct worker_options *o, struct task_list *tasks)
{
    struct fold_part *part = mem_alloc(sizeof(*part));
    const struct fold_options options = {.conninfo = o->conninfo,
                                         .name = o->name,
                                         .connections = o->fold_connections,
                                         .counters = o->counters,
                                         .on_finished = on_finished,
                                         .on_unfit = on_unfit,
                                         .arg = part};
    *part = (struct fold_part){NULL, tasks, o};
    part->fold = fold_new(l, &options);
    return part;
}

static void stop_fold(void *part, loop_fn *fn, void *arg)
{
    const struct fold_part *p = part;
    fold_stop(p->fold, fn, arg);
}

static void free_fold(void *part)
{
    struct fold_part *p = part;
    fold_free(p->fold);
    mem_free(p);
}

static void *start_jobs(struct loop *l, const struct worker_options *o, struct task_list *tasks)
{
    (void)tasks;
    return job_runner_new(l,
                          &(struct job_runner_options){o->conninfo, o->name, o->on_unfit, o->arg});
}

static void stop_jobs(void *part, loop_fn *fn, void *arg)
{
    job_runner_stop(part, fn, arg);
}

static void free_jobs(void *part)
{
    job_runner_free(part);
}

const struct worker_part worker_parts[] = {
    {start_fold, stop_fold, free_fold},
    {start_jobs, stop_jobs, free_jobs},
};
const size_t worker_part_count = sizeof(worker_parts) / sizeof(worker_parts[0]);
