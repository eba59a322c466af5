// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/job.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "base/process/log.h"
#include "store/connection.h"
#include "store/job/job.h"

#include <stdlib.h>
#include <string.h>

#define TELL_US      (SECOND_US / 4)
#define CONNECT_US   (10 * SECOND_US)
#define INPUT_LIMITS ((struct json_limits){.bytes = 1 << 20, .depth = 16, .nodes = 10000})

struct job {
    struct loop *loop;
    struct connection *connection;
    int64_t id, environment_id;
    int64_t told_us;
    bool is_over; /* cancelled, or its lock may be gone with the connection */
};

static void on_ready(void *arg)
{
    struct job *j = arg;
    loop_stop(j->loop);
}

/* The lock died with the connection: another process may have begun the job anew. */
static void on_down(void *arg, const char *why)
{
    struct job *j = arg;
    log_warn("job: no connection to the database: %s", why);
    j->is_over = true;
}

static void on_unfit(void *arg, const char *why)
{
    struct job *j = arg;
    log_error("job: %s", why);
    j->is_over = true;
    loop_stop(j->loop);
}

void job_on_answer(void *arg, const struct pg_answer *answer)
{
    struct job_call *call = arg;
    call->err = answer->result ? ERR_OK : answer->fault->code;
    if (!answer->result)
        *call->fault = *answer->fault;
    else if (call->fn)
        call->fn(call->arg, answer);
    loop_stop(call->job->loop);
}

enum err job_call_begin(struct job_call *call, struct job *j, pg_answer_fn *fn, void *arg,
                        struct fault *ret_fault)
{
    if (j->is_over)
        return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the job is over");
    *call = (struct job_call){
        .pg = connection_pg(j->connection), .job = j, .fn = fn, .arg = arg, .fault = ret_fault};
    return ERR_OK;
}

enum err job_call_wait(struct job_call *call)
{
    loop_run(call->job->loop);
    return call->err;
}

int64_t job_environment(const struct job *j)
{
    return j->environment_id;
}

static void on_told(void *arg, const struct pg_answer *answer)
{
    struct job *j = arg;
    j->is_over = !job_read_progress(answer->result);
}

static enum err tell(struct job *j, double done, struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, on_told, j, fault);
    if (e)
        return e;
    job_send_progress(call.pg, j->id, done, job_on_answer, &call);
    return job_call_wait(&call);
}

bool job_progress(struct job *j, double done)
{
    int64_t now_us = clock_mono_us();
    struct fault fault;
    if (j->is_over || now_us - j->told_us < TELL_US)
        return !j->is_over;
    j->told_us = now_us;
    if (tell(j, done, &fault)) {
        log_error("job %lld: %s", (long long)j->id, fault.detail);
        j->is_over = true;
    }
    return !j->is_over;
}

/* A job that was claimed; id 0: none waits. */
struct claim {
    struct arena *arena;
    struct job_row row;
};

static void on_claim(void *arg, const struct pg_answer *answer)
{
    struct claim *c = arg;
    if (!job_read_claimed(answer->result, &c->row))
        return;
    c->row.kind = arena_strdup(c->arena, c->row.kind);
    c->row.input = arena_strdup(c->arena, c->row.input);
}

static enum err claim(struct job *j, struct claim *c, struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, on_claim, c, fault);
    if (e)
        return e;
    job_send_claim(call.pg, job_on_answer, &call);
    return job_call_wait(&call);
}

static enum err run(struct job *j, const struct job_row *row, struct buf *out, struct fault *fault)
{
    char *text = mem_strdup(row->input);
    auto_json json_t *input = json_parse(text, strlen(text), &INPUT_LIMITS, NULL, fault);
    mem_free(text);
    if (!input)
        return fault->code;
    for (const struct job_kind *kind = job_kinds; kind->name; kind++)
        if (strcmp(kind->name, row->kind) == 0)
            return kind->run(j, input, out, fault);
    return fault_set(fault, ERR_INVALID, "", "this version knows no job of kind \"%s\"", row->kind);
}

static enum err finish(struct job *j, const struct buf *out, const char *problem,
                       struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, NULL, NULL, fault);
    if (e)
        return e;
    job_send_end(call.pg, j->id, problem ? NULL : out->data, problem, job_on_answer, &call);
    return job_call_wait(&call);
}

/* Does one job. False: none waits, or the connection is gone. */
static bool do_next(struct job *j)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf out = {0};
    struct claim claimed = {.arena = arena};
    struct fault fault;
    if (claim(j, &claimed, &fault)) {
        log_error("no job could be claimed: %s", fault.detail);
        return false;
    }
    if (!claimed.row.id)
        return false;
    j->id = claimed.row.id;
    j->environment_id = claimed.row.environment_id;
    j->told_us = 0;
    log_info("job %lld (%s) begins", (long long)j->id, claimed.row.kind);
    enum err e = run(j, &claimed.row, &out, &fault);
    if (j->is_over) {
        log_info("job %lld was cancelled", (long long)j->id);
        return false;
    }
    if (finish(j, &out, e ? fault.detail : NULL, &fault)) {
        log_error("job %lld: %s", (long long)j->id, fault.detail);
        return false;
    }
    log_info("job %lld %s", (long long)j->id, e ? "failed" : "is done");
    return true;
}

static void on_no_connection(void *arg)
{
    struct job *j = arg;
    log_warn("job: the database does not answer");
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
    const struct connection_options options = {.user = CONNECTION_WORKER,
                                               .conninfo = conninfo,
                                               .name = "mete job",
                                               .on_ready = on_ready,
                                               .on_unfit = on_unfit,
                                               .on_down = on_down,
                                               .arg = &j};
    j.connection = connection_open(j.loop, &options);
    bool is_fine = connect_within(&j, CONNECT_US);
    while (is_fine && do_next(&j))
        continue;
    connection_close(j.connection);
    loop_free(j.loop);
    return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
