// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/fold.h"
#include "engine/job_runner.h"
#include "io/row.h"
#include "sql/queries.h"
#include "store/schema.h"

#define CHORES_US (60 * SECOND_US)
/* Days in one transaction: an import of a year is stored in parts. */
#define LOOK_DAYS 50

/* Events of the last days are still taken, and those of tomorrow's clocks; some days more, so that
 * a worker that is away for a weekend leaves no gap. */
#define DAYS_BEHIND 7
#define DAYS_AHEAD  3

struct worker {
    struct worker_options options;
    struct loop *loop;
    struct pg *pg;
    struct fold *fold;
    struct job_runner *jobs;
    struct loop_timer *timer;
    bool is_fit; /* the schema is the one this program knows */
    bool is_draining;
};

static void log_failure(const char *what, const struct pg_answer *answer)
{
    if (!answer->result && answer->sqlstate[0] != '\0')
        log_error("%s: %s (%s)", what, answer->fault->detail, answer->sqlstate);
}

/* What is done every minute beside partitions and looks, and what to call it when it fails. */
static struct chore {
    enum query query;
    const char *name;
} chores[] = {
    {QUERY_FOLD_TIDY, "tidying"},      {QUERY_EVENT_REJECT_TRIM, "refused events"},
    {QUERY_JOB_TRIM, "old jobs"},      {QUERY_DISTRIBUTION_QUEUE, "distributions"},
    {QUERY_OVERLAP_QUEUE, "overlaps"},
};

static void on_partitions(void *arg, const struct pg_answer *answer)
{
    (void)arg;
    log_failure("partitions", answer);
}

static void on_chore(void *arg, const struct pg_answer *answer)
{
    const struct chore *chore = arg;
    log_failure(chore->name, answer);
}

static void send_look_close(struct worker *w);

static void on_look_close(void *arg, const struct pg_answer *answer)
{
    struct worker *w = arg;
    log_failure("looks", answer);
    if (answer->result && row_int(answer->result, 0, 0) == LOOK_DAYS)
        send_look_close(w);
}

static void send_look_close(struct worker *w)
{
    if (w->is_draining)
        return;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, LOOK_DAYS);
    pg_send(w->pg, QUERY_LOOK_CLOSE, &params, on_look_close, w);
}

static void send_forget(struct worker *w);

/* One day at a time: each is a short lock. */
static void on_forget(void *arg, const struct pg_answer *answer)
{
    struct worker *w = arg;
    log_failure("retention", answer);
    if (!answer->result || row_is_null(answer->result, 0, 0))
        return;
    log_info("events of %s are older than %lld days and were dropped",
             row_text(answer->result, 0, 0), (long long)w->options.keep_days);
    send_forget(w);
}

static void send_forget(struct worker *w)
{
    if (w->is_draining || w->options.keep_days == 0)
        return;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, w->options.keep_days);
    pg_send(w->pg, QUERY_EVENT_FORGET, &params, on_forget, w);
}

static void send_partitions(struct worker *w)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct pg_array *days = pg_array_new(arena, PG_DATE, DAYS_BEHIND + DAYS_AHEAD + 1);
    int32_t today = clock_day(clock_wall_us());
    for (int32_t day = today - DAYS_BEHIND; day <= today + DAYS_AHEAD; day++)
        pg_array_int(days, day);
    pg_param_array(&params, days);
    pg_send(w->pg, QUERY_EVENT_PARTITIONS, &params, on_partitions, w);
}

static void do_chores(void *arg)
{
    struct worker *w = arg;
    loop_timer_set(w->timer, CHORES_US);
    if (!pg_is_up(w->pg))
        return;
    send_partitions(w);
    for (size_t i = 0; i < sizeof(chores) / sizeof(chores[0]); i++) {
        pg_send(w->pg, chores[i].query, NULL, on_chore, &chores[i]);
    }
    send_look_close(w);
    send_forget(w);
}

static void on_schema(void *arg, enum err code, const struct fault *fault)
{
    struct worker *w = arg;
    if (w->is_draining || w->is_fit)
        return;
    if (code == ERR_STALE || code == ERR_CONFLICT) {
        w->options.on_unfit(w->options.arg, fault->detail);
        return;
    }
    if (code)
        return; /* asked again when the connection is back */
    w->is_fit = true;
    do_chores(w);
    fold_start(w->fold);
    job_runner_start(w->jobs);
}

static void on_up(void *arg)
{
    struct worker *w = arg;
    log_info("connected to the database");
    if (!w->is_fit)
        schema_check(w->pg, on_schema, w);
}

static void on_down(void *arg, const char *why)
{
    (void)arg;
    log_warn("no connection to the database: %s", why);
}

struct worker *worker_new(struct loop *l, const struct worker_options *options)
{
    struct worker *w = mem_zalloc(sizeof(*w));
    w->options = *options;
    w->loop = l;
    w->timer = loop_timer_new(l, do_chores, w);
    const struct pg_options pg = {.conninfo = options->conninfo,
                                  .application_name = options->name,
                                  .statements = queries,
                                  .statement_count = QUERY_COUNT,
                                  .groups = QUERY_FOR_WORKER,
                                  .on_up = on_up,
                                  .on_down = on_down,
                                  .arg = w};
    w->pg = pg_new(l, &pg);
    w->fold = fold_new(l, w->pg);
    w->jobs = job_runner_new(l, w->pg, options->conninfo);
    return w;
}

void worker_drain(struct worker *w, loop_fn *fn, void *arg)
{
    w->is_draining = true;
    loop_timer_clear(w->timer);
    job_runner_stop(w->jobs);
    fold_stop(w->fold, fn, arg);
}

void worker_free(struct worker *w)
{
    pg_free(w->pg);
    fold_free(w->fold);
    job_runner_free(w->jobs);
    loop_timer_free(w->timer);
    mem_free(w);
}
