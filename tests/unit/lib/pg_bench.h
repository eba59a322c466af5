// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A connection on a loop of its own, with the statements that the tests of io/pg send. Every wait
 * has a deadline.
 */
#pragma once

#include "base/clock.h"
#include "io/pg/pg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GROUP_MINE = 1, GROUP_OTHER = 2 };

enum statement {
    SQUARE,
    DIVIDE,
    SLEEP,
    NOTIFY,
    REPEAT,
    ADD_LATE,
    SETTING,
    OTHERS,
    STATEMENT_COUNT,
};

/* A connection and all it told. */
struct pg_bench {
    struct loop *loop;
    struct loop_timer *tick;
    struct arena *arena;
    struct pg *pg;
    int up_count;
    int down_count;
    int unfit_count;
    char why[256];
    char news[64];
};

/* One statement and its answer. */
struct call {
    int answer_count;
    int order; /* among all answers of the program */
    bool is_good;
    enum err code;
    char sqlstate[6];
    char constraint[32];
    char *text;
};

/* Runs the loop until the condition holds; fails the test after 30 s. */
#define run_until(b, condition)                                                                    \
    do {                                                                                           \
        int64_t end_us = clock_mono_us() + 60 * SECOND_US;                                         \
        while (!(condition)) {                                                                     \
            assert_true(clock_mono_us() < end_us);                                                 \
            loop_timer_set((b)->tick, 1000);                                                       \
            loop_run((b)->loop);                                                                   \
        }                                                                                          \
    } while (0)

/* Of the database that pg_bench_start made. */
extern const char *pg_bench_conninfo;
/* What most tests connect with; copy and change. */
extern const struct pg_options pg_bench_options;

/* Starts the server and makes the database. */
void pg_bench_start(void);
/* A connection that is being made; conninfo NULL: pg_bench_conninfo. Free with pg_bench_free. */
struct pg_bench *pg_bench_new(struct pg_options options);
/* The same, and waits until it is up. */
struct pg_bench *pg_bench_up(struct pg_options options);
void pg_bench_free(struct pg_bench *b);
/* Statements sent and not yet answered. */
size_t pg_bench_pending(const struct pg_bench *b);

/* Sends a statement with one text parameter; the answer goes to *c, whose text is to be freed. */
void pg_bench_send(struct pg_bench *b, enum statement s, const char *value, struct call *c);
/* One statement must be answered rightly. */
void pg_bench_check_works(struct pg_bench *b);
