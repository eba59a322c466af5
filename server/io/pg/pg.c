// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/pg/pg.h"

#include "base/clock.h"
#include "base/mem.h"
#include "io/pg/column.h"
#include "io/pg/pg_private.h"

#include <stdio.h>
#include <string.h>

static void queue_init(struct pg_queue *q)
{
    *q = (struct pg_queue){.last = &q->first};
}

static struct pg_request *queue_add(struct pg_queue *q, pg_answer_fn *fn, void *arg)
{
    struct pg_request *r = mem_zalloc(sizeof(*r));
    r->fn = fn;
    r->arg = arg;
    *q->last = r;
    q->last = &r->next;
    q->count++;
    return r;
}

static struct pg_request *queue_take(struct pg_queue *q)
{
    struct pg_request *r = q->first;
    q->first = r->next;
    if (!q->first)
        q->last = &q->first;
    q->count--;
    return r;
}

static void request_free(struct pg_request *r)
{
    PQclear(r->result);
    mem_free(r);
}

static const char *field(const PGresult *r, int which)
{
    const char *s = PQresultErrorField(r, which);
    return s ? s : "";
}

void pg_mark_broken(struct pg *pg, const char *what, const char *why)
{
    if (pg->is_broken)
        return;
    pg->is_broken = true;
    snprintf(pg->why, sizeof(pg->why), "%s%.*s", what, (int)strcspn(why, "\n"), why);
    loop_timer_set(pg->later, 0);
}

static void answer(struct pg *pg, const struct pg_request *r, const struct pg_answer *a)
{
    if (!r->fn)
        return;
    pg->callback_depth++;
    r->fn(r->arg, a);
    pg->callback_depth--;
}

void pg_fail_all(struct pg *pg, struct pg_queue *q, const char *detail)
{
    struct fault fault;
    fault_set(&fault, ERR_UNAVAILABLE, "", "%s", detail);
    const struct pg_answer a = {.fault = &fault, .sqlstate = "", .constraint = ""};
    for (size_t left = q->count; left > 0; left--) {
        struct pg_request *r = queue_take(q);
        answer(pg, r, &a);
        request_free(r);
    }
}

static bool is_good(const PGresult *r)
{
    ExecStatusType status = PQresultStatus(r);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static void check_columns(struct pg *pg, const struct pg_request *r)
{
    struct fault fault;
    char what[128];
    if (pg->is_broken || !column_check(r->columns, r->result, &fault))
        return;
    snprintf(what, sizeof(what), "statement %s: ", r->what);
    pg_mark_broken(pg, what, fault.detail);
    pg->is_unfit = true;
}

static void deliver(struct pg *pg, const struct pg_request *r)
{
    if (is_good(r->result) && r->columns) {
        check_columns(pg, r);
        return;
    }
    if (is_good(r->result)) {
        answer(pg, r, &(struct pg_answer){.result = r->result, .sqlstate = "", .constraint = ""});
        return;
    }
    const char *sqlstate = field(r->result, PG_DIAG_SQLSTATE);
    const char *message = field(r->result, PG_DIAG_MESSAGE_PRIMARY);
    if (!r->fn) {
        char what[128];
        snprintf(what, sizeof(what), "cannot prepare %s: ", r->what);
        pg_mark_broken(pg, what, message);
        return;
    }
    struct fault fault;
    fault_set(&fault, pg_sqlstate_err(sqlstate), "", "%s", message);
    const char *constraint = field(r->result, PG_DIAG_CONSTRAINT_NAME);
    answer(pg, r,
           &(struct pg_answer){.fault = &fault, .sqlstate = sqlstate, .constraint = constraint});
}

/* Keeps a statement's answer, or what its commit said after it: the first error stays. An error
 * without SQLSTATE is libpq's own, about the connection. */
static void keep_result(struct pg *pg, struct pg_request *r, PGresult *result)
{
    if (!is_good(result) && !*field(result, PG_DIAG_SQLSTATE))
        pg_mark_broken(pg, "", PQresultErrorMessage(result));
    if (r->result && !is_good(r->result)) {
        PQclear(result);
        return;
    }
    PQclear(r->result);
    r->result = result;
}

/* libpq gives a NULL between statements; more of them without a result mean that it knows of
 * nothing where a statement still waits. */
void pg_read_answers(struct pg *pg)
{
    int empty = 0;
    while (pg->pending.count && !PQisBusy(pg->conn)) {
        PGresult *result = PQgetResult(pg->conn);
        if (!result && ++empty > 2) {
            pg_mark_broken(pg, "", "the connection is out of step");
            return;
        }
        if (!result)
            continue;
        empty = 0;
        if (PQresultStatus(result) != PGRES_PIPELINE_SYNC) {
            keep_result(pg, pg->pending.first, result);
            continue;
        }
        PQclear(result);
        struct pg_request *r = queue_take(&pg->pending);
        deliver(pg, r);
        request_free(r);
    }
}

struct pg_request *pg_add_request(struct pg *pg, int is_sent, pg_answer_fn *fn, void *arg)
{
    if (!is_sent || !PQpipelineSync(pg->conn))
        pg_mark_broken(pg, "", PQerrorMessage(pg->conn));
    if (pg->pending.count == 0)
        pg->moved_us = clock_mono_us();
    struct pg_request *r = queue_add(&pg->pending, fn, arg);
    pg_link_flush(pg);
    return r;
}

bool pg_is_prepared(const struct pg *pg, size_t statement)
{
    unsigned groups = pg->options.statements[statement].groups;
    return !pg->options.groups || !groups || (groups & pg->options.groups);
}

void pg_send(struct pg *pg, size_t statement, const struct pg_params *params, pg_answer_fn *fn,
             void *arg)
{
    static const struct pg_params none;
    const struct pg_params *p = params ? params : &none;
    must(fn && !pg->is_closing);
    must(statement < pg->options.statement_count && pg_is_prepared(pg, statement));
    if (!pg_is_up(pg)) {
        queue_add(&pg->refused, fn, arg);
        loop_timer_set(pg->later, 0);
        return;
    }
    int is_sent = PQsendQueryPrepared(pg->conn, pg->options.statements[statement].name, p->count,
                                      p->values, p->lengths, p->formats, 0);
    pg_add_request(pg, is_sent, fn, arg);
}

bool pg_is_up(const struct pg *pg)
{
    return pg->state == PG_UP && !pg->is_broken;
}

bool pg_is_jammed(const struct pg *pg, int64_t for_us)
{
    return pg->pending.count > 0 && clock_mono_us() - pg->moved_us >= for_us;
}

int pg_row_count(const PGresult *result)
{
    return PQntuples(result);
}

struct pg *pg_new(struct loop *l, const struct pg_options *options)
{
    struct pg *pg = mem_zalloc(sizeof(*pg));
    pg->options = *options;
    pg->loop = l;
    pg->timer = loop_timer_new(l, pg_link_start, pg);
    pg->later = loop_timer_new(l, pg_link_later, pg);
    pg->watchdog = loop_timer_new(l, pg_link_watch, pg);
    queue_init(&pg->pending);
    queue_init(&pg->refused);
    loop_timer_set(pg->timer, 0);
    return pg;
}

void pg_free(struct pg *pg)
{
    if (!pg)
        return;
    must(pg->callback_depth == 0);
    pg->is_closing = true;
    pg_link_close(pg);
    pg_fail_all(pg, &pg->pending, "the database connection is closed");
    pg_fail_all(pg, &pg->refused, "the database connection is closed");
    loop_timer_free(pg->timer);
    loop_timer_free(pg->later);
    loop_timer_free(pg->watchdog);
    mem_free(pg);
}
