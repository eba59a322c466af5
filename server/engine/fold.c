// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/fold.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "io/row.h"
#include "sql/queries.h"

/* Large enough that planning over many partitions does not count, small enough that a step takes
 * about a second and a stop or a rebuild does not wait long. */
#define STEP_ROWS 10000

#define IDLE_US   (SECOND_US / 5)
#define FAILED_US SECOND_US

struct fold {
    struct loop *loop;
    struct pg *pg;
    struct loop_timer *timer;
    bool is_started;
    bool is_stepping;
    loop_fn *on_stopped;
    void *arg;
};

static void send_step(struct fold *f);

/* Why the next step waits how long; 0: not at all. */
static int64_t pause_us(const struct pg_answer *answer)
{
    if (!answer->result) {
        if (answer->sqlstate[0] != '\0')
            log_error("fold: %s (%s)", answer->fault->detail, answer->sqlstate);
        return FAILED_US;
    }
    log_debug("fold: %lld events, %lld visitors", (long long)row_int(answer->result, 0, 0),
              (long long)row_int(answer->result, 0, 1));
    if (row_bool(answer->result, 0, 3))
        return FAILED_US;
    return row_bool(answer->result, 0, 2) ? 0 : IDLE_US;
}

static void on_step(void *arg, const struct pg_answer *answer)
{
    struct fold *f = arg;
    int64_t wait_us = pause_us(answer);
    f->is_stepping = false;
    if (f->on_stopped) {
        loop_defer(f->loop, f->on_stopped, f->arg);
        return;
    }
    if (wait_us == 0)
        send_step(f);
    else
        loop_timer_set(f->timer, wait_us);
}

static void send_step(struct fold *f)
{
    if (!pg_is_up(f->pg)) {
        loop_timer_set(f->timer, IDLE_US);
        return;
    }
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, STEP_ROWS);
    f->is_stepping = true;
    pg_send(f->pg, QUERY_FOLD_STEP, &params, on_step, f);
}

static void on_timer(void *arg)
{
    send_step(arg);
}

struct fold *fold_new(struct loop *l, struct pg *pg)
{
    struct fold *f = mem_zalloc(sizeof(*f));
    f->loop = l;
    f->pg = pg;
    f->timer = loop_timer_new(l, on_timer, f);
    return f;
}

void fold_start(struct fold *f)
{
    if (f->is_started || f->on_stopped)
        return;
    f->is_started = true;
    send_step(f);
}

void fold_stop(struct fold *f, loop_fn *fn, void *arg)
{
    loop_timer_clear(f->timer);
    f->on_stopped = fn;
    f->arg = arg;
    if (!f->is_stepping)
        loop_defer(f->loop, fn, arg);
}

void fold_free(struct fold *f)
{
    loop_timer_free(f->timer);
    mem_free(f);
}
