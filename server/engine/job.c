// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "io/row.h"
#include "sql/queries.h"

#include <stdlib.h>
#include <string.h>

#define TELL_US      (SECOND_US / 4)
#define CONNECT_US   (10 * SECOND_US)
#define INPUT_LIMITS ((struct json_limits){.bytes = 1 << 20, .depth = 16, .nodes = 10000})

struct job {
    struct loop *loop;
    struct pg *pg;
    int64_t id, environment_id;
    int64_t told_us;
    bool is_over; /* cancelled, or its lock may be gone with the connection */
};

/* A question in work. */
struct question {
    struct job *job;
    pg_answer_fn *fn;
    void *arg;
    enum err err;
    struct fault *fault;
};

static void on_up(void *arg)
{
    struct job *j = arg;
    loop_stop(j->loop);
}

/* The lock died with the connection: another process may have begun the job anew. */
static void on_down(void *arg, const char *why)
{
    (void)why;
    struct job *j = arg;
    j->is_over = true;
}

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct question *q = arg;
    q->err = answer->result ? ERR_OK : answer->fault->code;
    if (answer->result)
        q->fn(q->arg, answer);
    else
        *q->fault = *answer->fault;
    loop_stop(q->job->loop);
}

enum err job_ask(struct job *j, size_t statement, const struct pg_params *params, pg_answer_fn *fn,
                 void *arg, struct fault *ret_fault)
{
    if (j->is_over)
        return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the job is over");
    struct question q = {.job = j, .fn = fn, .arg = arg, .fault = ret_fault};
    pg_send(j->pg, statement, params, on_answer, &q);
    loop_run(j->loop);
    return q.err;
}

int64_t job_environment(const struct job *j)
{
    return j->environment_id;
}

static void on_told(void *arg, const struct pg_answer *answer)
{
    struct job *j = arg;
    j->is_over = row_count(answer->result) == 0;
}

bool job_progress(struct job *j, double done)
{
    int64_t now_us = clock_mono_us();
    if (j->is_over || now_us - j->told_us < TELL_US)
        return !j->is_over;
    j->told_us = now_us;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct fault fault;
    pg_param_int(&params, j->id);
    pg_param_text(&params, arena_printf(arena, "%.6f", done));
    if (job_ask(j, QUERY_JOB_PROGRESS, &params, on_told, j, &fault)) {
        log_error("job %lld: %s", (long long)j->id, fault.detail);
        j->is_over = true;
    }
    return !j->is_over;
}

/* A job that was claimed. */
struct claim {
    struct arena *arena;
    int64_t id, environment_id;
    const char *kind;
    char *input;
};

static void on_claim(void *arg, const struct pg_answer *answer)
{
    struct claim *c = arg;
    if (row_is_null(answer->result, 0, 0))
        return;
    c->id = row_int(answer->result, 0, 0);
    c->environment_id = row_int(answer->result, 0, 1);
    c->kind = arena_strdup(c->arena, row_text(answer->result, 0, 2));
    c->input = arena_strdup(c->arena, row_text(answer->result, 0, 3));
}

static void on_nothing(void *arg, const struct pg_answer *answer)
{
    (void)arg;
    (void)answer;
}

static enum err run(struct job *j, const struct claim *c, struct buf *out, struct fault *fault)
{
    auto_json json_t *input = json_parse(c->input, strlen(c->input), &INPUT_LIMITS, NULL, fault);
    if (!input)
        return fault->code;
    for (const struct job_kind *kind = job_kinds; kind->name; kind++)
        if (strcmp(kind->name, c->kind) == 0)
            return kind->run(j, input, out, fault);
    return fault_set(fault, ERR_INVALID, "", "this version knows no job of kind \"%s\"", c->kind);
}

static enum err finish(struct job *j, struct arena *arena, const struct buf *out,
                       const char *problem, struct fault *fault)
{
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, j->id);
    pg_param_text(&params, problem ? NULL : out->data);
    pg_param_text(&params, problem);
    return job_ask(j, QUERY_JOB_END, &params, on_nothing, NULL, fault);
}

/* Does one job. False: none waits, or the connection is gone. */
static bool do_next(struct job *j)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf out = {0};
    struct claim claim = {.arena = arena};
    struct fault fault;
    if (job_ask(j, QUERY_JOB_CLAIM, NULL, on_claim, &claim, &fault)) {
        log_error("no job could be claimed: %s", fault.detail);
        return false;
    }
    if (!claim.id)
        return false;
    j->id = claim.id;
    j->environment_id = claim.environment_id;
    j->told_us = 0;
    log_info("job %lld (%s) begins", (long long)j->id, claim.kind);
    enum err e = run(j, &claim, &out, &fault);
    if (j->is_over) {
        log_info("job %lld was cancelled", (long long)j->id);
        return false;
    }
    if (finish(j, arena, &out, e ? fault.detail : NULL, &fault)) {
        log_error("job %lld: %s", (long long)j->id, fault.detail);
        return false;
    }
    log_info("job %lld %s", (long long)j->id, e ? "failed" : "is done");
    return true;
}

static void on_no_connection(void *arg)
{
    struct job *j = arg;
    j->is_over = true;
    loop_stop(j->loop);
}

/* False: the database did not answer in time. */
static bool connect_within(struct job *j, int64_t wait_us)
{
    struct loop_timer *timer = loop_timer_new(j->loop, on_no_connection, j);
    loop_timer_set(timer, wait_us);
    loop_run(j->loop);
    loop_timer_free(timer);
    return !j->is_over;
}

int job_main(const char *conninfo)
{
    struct job j = {.loop = loop_new()};
    const struct pg_options options = {.conninfo = conninfo,
                                       .application_name = "mete job",
                                       .statements = queries,
                                       .statement_count = QUERY_COUNT,
                                       .groups = QUERY_FOR_WORKER,
                                       .on_up = on_up,
                                       .on_down = on_down,
                                       .arg = &j};
    j.pg = pg_new(j.loop, &options);
    bool is_fine = connect_within(&j, CONNECT_US);
    while (is_fine && do_next(&j))
        continue;
    pg_free(j.pg);
    loop_free(j.loop);
    return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
