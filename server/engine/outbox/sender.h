// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The sender: what goes out to other systems, in a process of its own, so that nothing slow or
 * hostile out there can hold up an edge, the desk or the fold. What is to go out is written into a
 * table in the transaction that found it due; a kind of it is a row of sender_consumers, which
 * takes it from there. Serves no port; what it does is seen in the metrics.
 */
#pragma once

#include "io/net/loop.h"
#include "io/pg/pg.h"

struct sender;

struct sender_options {
    const char *conninfo; /* borrowed */
    const char *name;     /* shown in pg_stat_activity; borrowed */
    /* The database holds another schema than this program: called once, then nothing more works. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};

struct sender *sender_new(struct loop *l, const struct sender_options *options);
/* Takes nothing new; fn(arg) once, later, from the loop, when all that is under way has ended. */
void sender_drain(struct sender *s, loop_fn *fn, void *arg);
/* Ends at once: what is under way is sent again by the next. Not from a callback of the sender. */
void sender_free(struct sender *s);

/* Takes one kind of what is to go out from its table and sends it. */
struct sender_consumer {
    const char *name;
    /* 'pg' is borrowed. Takes nothing before begin. */
    void *(*make)(struct loop *l, struct pg *pg);
    /* The connection is ready; again after each reconnect. */
    void (*begin)(void *consumer);
    /* Takes nothing new; fn(arg) once, later, from the loop. */
    void (*stop)(void *consumer, loop_fn *fn, void *arg);
    /* After the connection was closed. */
    void (*free)(void *consumer);
};

/* Ends with an all-zero row. */
extern const struct sender_consumer sender_consumers[];
