// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What pg.c (statements and their answers) and pg_link.c (the connection's life) share. The line
 * between them: pg.c never opens or closes, it marks a connection broken; pg_link.c takes it down
 * when no callback runs.
 */
#pragma once

#include "io/pg/pg.h"

enum pg_state {
    PG_WAITING,    /* no connection; the timer begins the next attempt */
    PG_CONNECTING, /* PQconnectPoll; the timer ends the attempt, as in the next state */
    PG_PREPARING,  /* the session's own statements are on their way */
    PG_UP
};

/* One statement on its way. Its answer is kept until its Sync has come back: only then it has been
 * committed, and the commit itself can fail. */
struct pg_request {
    struct pg_request *next;
    pg_answer_fn *fn; /* NULL: one of the session's own */
    void *arg;
    const char *what;             /* of the session's own: for the reason when it fails; borrowed */
    const struct column *columns; /* those that the description of a statement must have, or NULL */
    PGresult *result;
};

struct pg_queue {
    struct pg_request *first;
    struct pg_request **last;
    size_t count;
};

struct pg {
    struct pg_options options;
    struct loop *loop;
    enum pg_state state;
    PGconn *conn;
    struct event *read_event;  /* in PG_CONNECTING: the one event waited for */
    struct event *write_event; /* added only while the socket is full */
    struct loop_timer *timer;
    struct loop_timer *later; /* tells what a callback or pg_send found but must not tell itself */
    struct loop_timer *watchdog;
    struct pg_queue pending;
    struct pg_queue refused; /* sent while down */
    int64_t backoff_us;
    int64_t moved_us; /* when a byte came or went, or the first statement began to wait */
    bool is_watched;  /* the watchdog is armed */
    bool is_broken;   /* to be taken down as soon as no callback runs */
    bool is_unfit;    /* and that for the columns of an answer */
    bool is_closing;
    unsigned callback_depth;
    char why[400];
};

/* pg.c */
/* Takes down the reason; the first one counts. The connection goes down later, from the loop. */
void pg_mark_broken(struct pg *pg, const char *what, const char *why);
/* Adds a statement that libpq was just given (is_sent: what it returned) and sends its Sync. */
struct pg_request *pg_add_request(struct pg *pg, int is_sent, pg_answer_fn *fn, void *arg);
void pg_read_answers(struct pg *pg);
/* Every request of 'q' is called with ERR_UNAVAILABLE. What they send goes into the queue anew. */
void pg_fail_all(struct pg *pg, struct pg_queue *q, const char *detail);
bool pg_is_prepared(const struct pg *pg, size_t statement);

/* pg_link.c: timers' functions, and the sending side of the socket */
void pg_link_start(void *arg);
void pg_link_later(void *arg);
void pg_link_watch(void *arg);
void pg_link_flush(struct pg *pg);
void pg_link_close(struct pg *pg);
