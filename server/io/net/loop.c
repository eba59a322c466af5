// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/net/loop.h"

#include "base/mem.h"

#include <event2/event.h>
#include <stddef.h>
#include <sys/time.h>

struct deferred {
    loop_fn *fn;
    void *arg;
};

/* A growing list of calls to make; two of them take turns, so that what a call defers waits for the
 * next turn and cannot starve the sockets. */
struct deferred_list {
    struct deferred *calls;
    size_t count;
    size_t capacity;
};

struct loop_signal {
    struct loop_signal *next;
    struct event *event;
    loop_fn *fn;
    void *arg;
};

struct loop {
    struct event_base *base;
    struct event *turn;
    struct deferred_list waiting;
    struct deferred_list running;
    struct loop_signal *signals;
    bool is_stopped;
};

struct loop_timer {
    struct event *event;
    loop_fn *fn;
    void *arg;
};

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct loop *l = arg;
    struct deferred_list list = l->waiting;
    l->waiting = l->running;
    l->running = list;
    for (size_t i = 0; i < list.count; i++)
        list.calls[i].fn(list.calls[i].arg);
    l->running.count = 0;
}

struct loop *loop_new(void)
{
    struct loop *l = mem_zalloc(sizeof(*l));
    struct event_config *config = event_config_new();
    must(config);
    /* One thread: no locks. Time is read when a timer is set, not taken from the turn's beginning:
     * a long callback must not shorten the timers it sets. */
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_NO_CACHE_TIME);
    l->base = event_base_new_with_config(config);
    event_config_free(config);
    must(l->base);
    l->turn = event_new(l->base, -1, 0, on_turn, l);
    must(l->turn);
    return l;
}

void loop_free(struct loop *l)
{
    if (!l)
        return;
    while (l->signals) {
        struct loop_signal *s = l->signals;
        l->signals = s->next;
        event_free(s->event);
        mem_free(s);
    }
    event_free(l->turn);
    event_base_free(l->base);
    mem_free(l->waiting.calls);
    mem_free(l->running.calls);
    mem_free(l);
}

void loop_run(struct loop *l)
{
    while (!l->is_stopped)
        must(event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY) >= 0);
    l->is_stopped = false;
}

void loop_stop(struct loop *l)
{
    l->is_stopped = true;
    event_base_loopbreak(l->base);
}

struct event_base *loop_base(struct loop *l)
{
    return l->base;
}

void loop_defer(struct loop *l, loop_fn *fn, void *arg)
{
    struct deferred_list *list = &l->waiting;
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 16;
        list->calls = mem_realloc(list->calls, list->capacity * sizeof(*list->calls));
    }
    list->calls[list->count++] = (struct deferred){fn, arg};
    if (list->count == 1)
        must(event_add(l->turn, &(struct timeval){0, 0}) == 0);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct loop_timer *t = arg;
    t->fn(t->arg);
}

struct loop_timer *loop_timer_new(struct loop *l, loop_fn *fn, void *arg)
{
    struct loop_timer *t = mem_alloc(sizeof(*t));
    *t = (struct loop_timer){evtimer_new(l->base, on_timer, t), fn, arg};
    must(t->event);
    return t;
}

void loop_timer_free(struct loop_timer *t)
{
    if (!t)
        return;
    event_free(t->event);
    mem_free(t);
}

void loop_timer_set(struct loop_timer *t, int64_t delay_us)
{
    if (delay_us < 0)
        delay_us = 0;
    struct timeval delay = {delay_us / 1000000, delay_us % 1000000};
    must(event_add(t->event, &delay) == 0);
}

void loop_timer_clear(struct loop_timer *t)
{
    event_del(t->event);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct loop_signal *s = arg;
    s->fn(s->arg);
}

void loop_on_signal(struct loop *l, int signal_number, loop_fn *fn, void *arg)
{
    struct loop_signal *s = mem_alloc(sizeof(*s));
    *s = (struct loop_signal){l->signals, evsignal_new(l->base, signal_number, on_signal, s), fn,
                              arg};
    must(s->event && event_add(s->event, NULL) == 0);
    l->signals = s;
}
