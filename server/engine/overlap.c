// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/overlap.h"

#include "io/row.h"
#include "sql/queries.h"

struct target {
    int64_t campaign_id, phase, metric_id;
    const char *last_day, *state;
};

struct plan {
    struct arena *arena;
    struct target *targets;
    size_t count;
};

static void on_due(void *arg, const struct pg_answer *answer)
{
    struct plan *plan = arg;
    const PGresult *r = answer->result;
    plan->count = (size_t)row_count(r);
    plan->targets = arena_zalloc(plan->arena, plan->count * sizeof(*plan->targets));
    for (int i = 0; i < row_count(r); i++)
        plan->targets[i] = (struct target){
            .campaign_id = row_int(r, i, 0),
            .phase = row_int(r, i, 1),
            .metric_id = row_int(r, i, 2),
            .last_day = arena_strdup(plan->arena, row_text(r, i, 3)),
            .state = arena_strdup(plan->arena, row_text(r, i, 4)),
        };
}

static void on_written(void *arg, const struct pg_answer *answer)
{
    (void)arg;
    (void)answer;
}

static enum err write_one(struct job *j, struct arena *arena, const struct target *t,
                          struct fault *fault)
{
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, t->campaign_id);
    pg_param_int(&params, t->phase);
    pg_param_int(&params, t->metric_id);
    pg_param_text(&params, t->last_day);
    pg_param_text(&params, t->state);
    return job_ask(j, QUERY_OVERLAP_WRITE, &params, on_written, NULL, fault);
}

enum err overlap_run(struct job *j, const json_t *input, struct buf *out, struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    struct plan plan = {.arena = arena};
    struct pg_params params = {.arena = arena};
    (void)input;
    pg_param_int(&params, job_environment(j));
    enum err e = job_ask(j, QUERY_OVERLAP_DUE, &params, on_due, &plan, ret_fault);
    for (size_t i = 0; i < plan.count && !e; i++) {
        e = write_one(j, arena, &plan.targets[i], ret_fault);
        if (!e && !job_progress(j, (double)(i + 1) / (double)plan.count))
            return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the job was cancelled");
    }
    if (!e)
        buf_printf(out, "{\"phases\":%zu}", plan.count);
    return e;
}
