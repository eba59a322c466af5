// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One PostgreSQL connection on the loop: libpq in pipeline mode, one Sync per statement, all
 * statements prepared at connect, reconnect with backoff (50 ms doubling to 2 s, with jitter). One
 * request, one statement, one callback. A connection never retries a statement by itself: whether
 * that is safe only the caller knows.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "io/net/loop.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct column; /* io/pg/column.h */

struct pg_statement {
    const char *name; /* in PostgreSQL and in logs */
    const char *sql;
    unsigned groups; /* bits: who prepares it; 0: everybody */
};

/* What stands in 'conninfo' wins over the defaults set here (TCP keepalives, UTF-8). Resolving a
 * host name blocks; a socket folder or an address does not. */
struct pg_options {
    const char *conninfo;         /* URL or keywords; borrowed while the connection lives */
    const char *application_name; /* shown in pg_stat_activity */
    const struct pg_statement *statements; /* prepared at connect; borrowed */
    size_t statement_count;
    unsigned groups; /* prepares the statements that share a bit with it; 0: all */
    const struct column *const *columns; /* by statement, what its answer is read by; NULL there, or
                                          * altogether: nobody looks; borrowed */
    const char *listen_channel;          /* LISTEN on it after connecting; NULL: none */
    int statement_timeout_ms;  /* the server gives a statement up after it; 0: its own default */
    int lock_timeout_ms;       /* the same of waiting for somebody's lock */
    int64_t answer_timeout_us; /* statements pending and not a byte moved for so long: the
                                * connection counts as broken; 0: never */
    /* All may be NULL. on_up: connected, everything prepared (also after each reconnect). on_down:
     * the connection broke (its pending callbacks have been called before), or an attempt to
     * connect failed: called for each. on_notify: payload borrowed; what was notified while down is
     * lost, so ask anew in on_up. on_unfit: called instead of on_down when a statement was prepared
     * whose answer has other columns than it is read by. None of these and no answer function may
     * call pg_free. */
    void (*on_up)(void *arg);
    void (*on_down)(void *arg, const char *why);
    void (*on_unfit)(void *arg, const char *why);
    void (*on_notify)(void *arg, const char *payload);
    void *arg;
};

struct pg;

/* Begins to connect at once. 'options' is copied. */
struct pg *pg_new(struct loop *l, const struct pg_options *options);
/* Closes; pending callbacks are called with ERR_UNAVAILABLE before it returns and must not send
 * again. on_down is not called. No callback of this connection may call it. NULL does nothing. */
void pg_free(struct pg *pg);
bool pg_is_up(const struct pg *pg);
/* Statements are pending, and for so long nothing was heard of them. */
bool pg_is_jammed(const struct pg *pg, int64_t for_us);

/* Parameters of one statement, built in an arena. Up to PG_PARAMS. */
#define PG_PARAMS 24
struct pg_params {
    struct arena *arena; /* set by the caller: values are copied into it where they must be */
    int count;
    const char *values[PG_PARAMS];
    int lengths[PG_PARAMS];
    int formats[PG_PARAMS];
};

void pg_param_null(struct pg_params *p);
void pg_param_text(struct pg_params *p, const char *s); /* borrowed until pg_send; NULL: SQL null */
void pg_param_int(struct pg_params *p, int64_t value);
void pg_param_id(struct pg_params *p, int64_t id); /* 0: SQL null */
void pg_param_bool(struct pg_params *p, bool value);
/* timestamptz from Unix microseconds */
void pg_param_time(struct pg_params *p, int64_t wall_us);
void pg_param_bytes(struct pg_params *p, const void *bytes, size_t length); /* bytea, borrowed */

/* One-dimensional array parameters in binary form: for unnest($1, $2, …). Element OIDs as in
 * pg_type. */
struct pg_array;
enum pg_element { PG_TEXT, PG_UUID, PG_DATE, PG_INT4, PG_INT8, PG_TIMESTAMPTZ, PG_JSONB, PG_BYTEA };
struct pg_array *pg_array_new(struct arena *arena, enum pg_element kind, size_t count_hint);
void pg_array_text(struct pg_array *a, const char *s,
                   size_t length); /* PG_TEXT, PG_JSONB, PG_BYTEA */
void pg_array_uuid(struct pg_array *a, const uint8_t bytes[16]);
void pg_array_int(struct pg_array *a,
                  int64_t value); /* PG_INT4, PG_INT8; PG_DATE: days since 1970 */
void pg_array_time(struct pg_array *a, int64_t wall_us);
void pg_param_array(struct pg_params *p, struct pg_array *a);

/* The answer to one statement, given after its commit. 'result' is borrowed for the call (text
 * format) and NULL when the statement failed; then fault->code and fault->detail say why and
 * 'sqlstate' is its code ("" when the connection broke: the outcome is then unknown). */
struct pg_answer {
    const PGresult *result;
    const struct fault *fault;
    const char *sqlstate;
    const char *constraint; /* the one that was violated, or "" */
};
typedef void pg_answer_fn(void *arg, const struct pg_answer *answer);

/* How many rows an answer has. */
int pg_row_count(const PGresult *result);

/* Sends prepared statement number 'statement'. The answer comes exactly once, later, from the loop;
 * when the connection is down it is ERR_UNAVAILABLE. Parameters need not outlive the call and may
 * be NULL. A statement of another group is a broken promise. */
void pg_send(struct pg *pg, size_t statement, const struct pg_params *params, pg_answer_fn *fn,
             void *arg);

/* The error a SQLSTATE stands for: one table (23505 CONFLICT, 40001 and 40P01 BUSY, 08 and 57P
 * UNAVAILABLE, 22 and 23 INVALID …; unknown ones INTERNAL). */
enum err pg_sqlstate_err(const char *sqlstate);
