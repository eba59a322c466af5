// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/fold/backlog.h"

#include "base/clock.h"
#include "base/mem.h"

#define TIMEOUT_US SECOND_US

struct waiter {
    struct waiter *next;
    backlog_fn *fn;
    void *arg;
};

struct backlog {
    struct pg *pg;
    struct loop_timer *timer;
    struct waiter *waiters;
    bool is_asked; /* a statement is under way, perhaps without anybody waiting */
};

const struct backlog_row backlog_rows[BACKLOG_COUNT] = {
    [BACKLOG_FOLD_LAG] = {"mete_fold_lag_seconds", NULL,
                          "How long the oldest event has waited for the slowest of its readers."},
    [BACKLOG_JOBS] = {"mete_jobs", "state", "Jobs queued and running."},
    [BACKLOG_JOB_AGE] = {"mete_job_wait_seconds", NULL,
                         "How long the oldest queued job has waited."},
    [BACKLOG_REJECTED] = {"mete_rejected_events", "environment",
                          "Events kept in the list of rejected events."},
    [BACKLOG_PARTITIONS] = {"mete_partitions_ahead", NULL,
                            "Days, from today on, that have a partition for their events."},
    [BACKLOG_REFUSED] =
        {"mete_refused_events_today", "environment",
         "Events refused, or stored and left out of results, since midnight UTC, by "
         "reason and event, which is empty where nothing measures it; the 200 most frequent of an "
         "environment."},
};

static void tell_all(struct backlog *b, const struct backlog_value *values, size_t count)
{
    struct waiter *w = b->waiters, *next;
    b->waiters = NULL;
    loop_timer_clear(b->timer);
    for (; w; w = next) {
        next = w->next;
        w->fn(w->arg, values, count);
        mem_free(w);
    }
}

static void tell_values(struct backlog *b, const PGresult *result)
{
    auto_arena struct arena *arena = arena_new(0);
    size_t count = (size_t)pg_row_count(result);
    struct backlog_value *values = arena_alloc(arena, (count + 1) * sizeof(*values));
    for (size_t i = 0; i < count; i++)
        backlog_read(result, (int)i, &values[i]);
    tell_all(b, values, count);
}

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct backlog *b = arg;
    b->is_asked = false;
    if (answer->result)
        tell_values(b, answer->result);
    else
        tell_all(b, NULL, 0);
}

static void on_timer(void *arg)
{
    tell_all(arg, NULL, 0);
}

void backlog_ask(struct backlog *b, backlog_fn *fn, void *arg)
{
    struct waiter *w = mem_alloc(sizeof(*w));
    if (!b->waiters)
        loop_timer_set(b->timer, TIMEOUT_US);
    *w = (struct waiter){b->waiters, fn, arg};
    b->waiters = w;
    if (b->is_asked)
        return;
    b->is_asked = true;
    backlog_send(b->pg, on_answer, b);
}

struct backlog *backlog_new(struct loop *l, struct pg *pg)
{
    struct backlog *b = mem_zalloc(sizeof(*b));
    b->pg = pg;
    b->timer = loop_timer_new(l, on_timer, b);
    return b;
}

void backlog_free(struct backlog *b)
{
    loop_timer_free(b->timer);
    mem_free(b);
}
