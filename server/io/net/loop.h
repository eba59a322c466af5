// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The event loop of a child: libevent's base, with timers, signals and "later". Everything in a
 * child happens in callbacks of this loop; no threads, no locks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_timer;
struct event_base;

typedef void loop_fn(void *arg);

struct loop *loop_new(void);
/* Deferred calls that have not been made are dropped. Timers are freed before. */
void loop_free(struct loop *l);
/* Runs until loop_stop; at once back when that was called before. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);
/* Returns libevent's handle, borrowed, for files of io/ only. */
struct event_base *loop_base(struct loop *l);

/* Calls fn(arg) once, from the loop, after the running callback has returned. */
void loop_defer(struct loop *l, loop_fn *fn, void *arg);

/* A timer that is not armed yet. free disarms. */
struct loop_timer *loop_timer_new(struct loop *l, loop_fn *fn, void *arg);
void loop_timer_free(struct loop_timer *t);
/* Arms the timer anew: fn is called once, after delay_us. */
void loop_timer_set(struct loop_timer *t, int64_t delay_us);
void loop_timer_clear(struct loop_timer *t);

/* Calls fn(arg) from the loop whenever the signal arrives; lives as long as the loop. */
void loop_on_signal(struct loop *l, int signal_number, loop_fn *fn, void *arg);
