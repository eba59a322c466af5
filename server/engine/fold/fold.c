// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/fold/fold.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "engine/fold/fold_lanes.h"
#include "store/connection.h"
#include "store/fold/fold.h"

#include <unistd.h>

/* Large enough that planning over many partitions does not count, small enough that a step takes
 * about a second and a stop or a rebuild does not wait long. */
#define STEP_ROWS 10000

/* What waits is asked for so often. */
#define IDLE_US   (SECOND_US / 5)
#define FAILED_US SECOND_US

/* So often is looked at how busy the edges are. */
#define LOOK_US (SECOND_US / 5)

#define SLICES 1024

struct task {
    int consumer, slice;
    int64_t rest_us; /* a slice that came to its end rests: few events do not make many steps */
};

/* A connection, and the step it is at. */
struct lane {
    struct fold *fold;
    struct connection *connection;
    bool is_busy;
    struct task task;
};

struct fold {
    struct fold_options options;
    struct loop *loop;
    struct loop_timer *timer;
    struct lane lanes[FOLD_LANES_MAX];
    size_t lane_count, busy_count;
    size_t lanes_allowed; /* now: fewer while edges are busy */
    struct task *tasks;   /* a queue, the next one at task_next */
    size_t task_next, task_count, task_capacity;
    int64_t rested_us[FOLD_CONSUMERS][SLICES]; /* until when a slice waits */
    uint64_t seen_events;
    int64_t seen_us;
    bool is_started, is_asking, is_swept, has_more, has_failed, is_freed;
    loop_fn *on_stopped;
    void *arg;
};

static void go_on(struct fold *f);

static void add_task(struct fold *f, struct task task)
{
    if (f->task_count == f->task_capacity) {
        f->task_capacity = f->task_capacity ? 2 * f->task_capacity : 64;
        f->tasks = mem_realloc(f->tasks, f->task_capacity * sizeof(*f->tasks));
    }
    f->tasks[f->task_count++] = task;
}

static void log_failure(const struct pg_answer *answer)
{
    if (answer->sqlstate[0] != '\0')
        log_error("fold: %s (%s)", answer->fault->detail, answer->sqlstate);
}

static void finish(struct lane *lane)
{
    lane->is_busy = false;
    lane->fold->busy_count--;
}

/* A step that came to an end rests, one that was held for as long as another session may need. */
static void on_step(void *arg, const struct pg_answer *answer)
{
    struct lane *lane = arg;
    struct fold *f = lane->fold;
    struct task task = lane->task;
    int64_t *rested_us = &f->rested_us[task.consumer][task.slice];
    finish(lane);
    if (!answer->result) {
        log_failure(answer);
        *rested_us = clock_mono_us() + FAILED_US;
    } else {
        struct fold_step_row step;
        fold_read_step(answer->result, &step);
        log_debug("fold: slice %d, %lld events, %lld visitors", task.slice,
                  (long long)step.row_count, (long long)step.visitor_count);
        f->is_swept |= step.is_swept;
        f->has_more |= step.is_more;
        if (!step.is_more)
            *rested_us = clock_mono_us() + (step.is_held ? FAILED_US : task.rest_us);
    }
    go_on(f);
}

static void send_step(struct lane *lane, struct task task)
{
    lane->task = task;
    lane->is_busy = true;
    lane->fold->busy_count++;
    fold_send_step(connection_pg(lane->connection), task.consumer, task.slice, STEP_ROWS, on_step,
                   lane);
}

static void on_finish(void *arg, const struct pg_answer *answer)
{
    struct lane *lane = arg;
    struct fold *f = lane->fold;
    finish(lane);
    if (!answer->result)
        log_failure(answer);
    else if (f->options.on_finished)
        f->options.on_finished(f->options.arg);
    go_on(f);
}

static void send_finish(struct lane *lane)
{
    lane->fold->is_swept = false;
    lane->is_busy = true;
    lane->fold->busy_count++;
    fold_send_finish(connection_pg(lane->connection), on_finish, lane);
}

static void take_tasks(struct fold *f, const PGresult *due)
{
    int64_t now_us = clock_mono_us();
    f->task_next = f->task_count = 0;
    for (int i = 0; i < pg_row_count(due); i++) {
        struct fold_due_row row;
        fold_read_due(due, i, &row);
        if (fold_has_consumer(row.consumer) && row.slice >= 0 && row.slice < SLICES &&
            f->rested_us[row.consumer][row.slice] <= now_us)
            add_task(f, (struct task){(int)row.consumer, (int)row.slice, row.rest_ms * 1000});
    }
}

static void on_due(void *arg, const struct pg_answer *answer)
{
    struct lane *lane = arg;
    struct fold *f = lane->fold;
    finish(lane);
    f->is_asking = false;
    if (answer->result)
        take_tasks(f, answer->result);
    else
        log_failure(answer);
    f->has_failed = !answer->result;
    go_on(f);
}

static uint64_t count_events(const struct fold *f)
{
    uint64_t sum = 0;
    for (size_t i = 0; f->options.counters && i < COUNTER_EDGES; i++)
        sum += atomic_load_explicit(&f->options.counters->slots[i].cells[COUNTER_EVENTS_ACKED],
                                    memory_order_relaxed);
    return sum;
}

/* How many lanes may begin a step. A round can take long: edges may become busy in it. */
static void allow_lanes(struct fold *f)
{
    int64_t now_us = clock_mono_us(), took_us = f->seen_us ? now_us - f->seen_us : 0;
    if (f->seen_us && took_us < LOOK_US)
        return;
    uint64_t events = count_events(f);
    f->lanes_allowed = fold_lanes_now(f->lane_count, events - f->seen_events, took_us);
    f->seen_events = events;
    f->seen_us = now_us;
}

static void ask(struct fold *f)
{
    struct lane *lane = &f->lanes[0];
    if (!connection_is_ready(lane->connection)) {
        loop_timer_set(f->timer, IDLE_US);
        return;
    }
    f->is_asking = true;
    lane->is_busy = true;
    f->busy_count++;
    fold_send_due(connection_pg(lane->connection), on_due, lane);
}

static void hand_out(struct fold *f)
{
    allow_lanes(f);
    for (size_t i = 0; i < f->lanes_allowed && f->task_next < f->task_count; i++)
        if (!f->lanes[i].is_busy && connection_is_ready(f->lanes[i].connection))
            send_step(&f->lanes[i], f->tasks[f->task_next++]);
}

/* When a round is over: what was gone over is done, then the next round. */
static void end_round(struct fold *f)
{
    if (f->on_stopped) {
        loop_defer(f->loop, f->on_stopped, f->arg);
        return;
    }
    if (f->is_swept && connection_is_ready(f->lanes[0].connection)) {
        send_finish(&f->lanes[0]);
        return;
    }
    loop_timer_set(f->timer, f->has_failed ? FAILED_US : f->has_more ? 0 : IDLE_US);
    f->has_failed = f->has_more = false;
}

static void go_on(struct fold *f)
{
    if (f->is_freed)
        return;
    if (!f->on_stopped && !f->is_asking)
        hand_out(f);
    if (f->busy_count == 0)
        end_round(f);
}

static void on_timer(void *arg)
{
    ask(arg);
}

static void on_ready(void *arg)
{
    struct lane *lane = arg;
    struct fold *f = lane->fold;
    if (f->is_started || f->on_stopped || lane != &f->lanes[0])
        return;
    f->is_started = true;
    f->is_swept = true; /* by a worker that died before it could say so */
    ask(f);
}

static void on_unfit(void *arg, const char *why)
{
    const struct lane *lane = arg;
    const struct fold *f = lane->fold;
    if (!f->on_stopped)
        f->options.on_unfit(f->options.arg, why);
}

static void on_down(void *arg, const char *why)
{
    const struct lane *lane = arg;
    log_warn("fold: connection %td: %s", lane - lane->fold->lanes, why);
}

static void open_lane(struct fold *f, struct lane *lane)
{
    const struct connection_options options = {
        .user = CONNECTION_FOLD,
        .conninfo = f->options.conninfo,
        .name = f->options.name,
        .on_ready = on_ready,
        .on_unfit = on_unfit,
        .on_down = on_down,
        .arg = lane,
    };
    lane->fold = f;
    lane->connection = connection_open(f->loop, &options);
}

struct fold *fold_new(struct loop *l, const struct fold_options *options)
{
    struct fold *f = mem_zalloc(sizeof(*f));
    f->options = *options;
    f->loop = l;
    f->lane_count = fold_lanes(options->connections, sysconf(_SC_NPROCESSORS_ONLN));
    f->timer = loop_timer_new(l, on_timer, f);
    for (size_t i = 0; i < f->lane_count; i++)
        open_lane(f, &f->lanes[i]);
    return f;
}

void fold_stop(struct fold *f, loop_fn *fn, void *arg)
{
    loop_timer_clear(f->timer);
    f->on_stopped = fn;
    f->arg = arg;
    if (f->busy_count == 0)
        loop_defer(f->loop, fn, arg);
}

void fold_free(struct fold *f)
{
    f->on_stopped = NULL;
    f->is_freed = true;
    for (size_t i = 0; i < f->lane_count; i++)
        connection_close(f->lanes[i].connection);
    loop_timer_free(f->timer);
    mem_free(f->tasks);
    mem_free(f);
}
