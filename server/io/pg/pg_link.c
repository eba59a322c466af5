// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/text.h"
#include "io/pg/pg_private.h"

#include <event2/event.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define CONNECT_US       (5 * SECOND_US)
#define BACKOFF_FIRST_US (SECOND_US / 20)
#define BACKOFF_LAST_US  (2 * SECOND_US)

static void poll_connection(evutil_socket_t fd, short what, void *arg);

void pg_link_close(struct pg *pg)
{
    if (pg->state == PG_UP)
        counter_add(COUNTER_DATABASE_UP, (uint64_t)-1);
    if (pg->read_event)
        event_free(pg->read_event);
    if (pg->write_event)
        event_free(pg->write_event);
    pg->read_event = pg->write_event = NULL;
    PQfinish(pg->conn);
    pg->conn = NULL;
    pg->is_broken = pg->is_unfit = false;
    pg->state = PG_WAITING;
    loop_timer_clear(pg->watchdog);
    pg->is_watched = false;
}

/* Half of the delay is chance: children that lost the same server do not return in one wave. */
static void retry_later(struct pg *pg)
{
    if (pg->backoff_us == 0)
        pg->backoff_us = BACKOFF_FIRST_US;
    uint32_t half_us = (uint32_t)(pg->backoff_us / 2);
    loop_timer_set(pg->timer, half_us + randombytes_uniform(half_us));
    pg->backoff_us = pg->backoff_us * 2 < BACKOFF_LAST_US ? pg->backoff_us * 2 : BACKOFF_LAST_US;
}

static void go_down(struct pg *pg)
{
    void (*tell)(void *arg, const char *why) =
        pg->is_unfit && pg->options.on_unfit ? pg->options.on_unfit : pg->options.on_down;
    if (pg->state == PG_UP)
        counter_add(COUNTER_DATABASE_LOST, 1);
    pg_link_close(pg);
    pg_fail_all(pg, &pg->pending, pg->why);
    pg->callback_depth++;
    if (tell)
        tell(pg->options.arg, pg->why);
    pg->callback_depth--;
    retry_later(pg);
}

static void settle(struct pg *pg)
{
    if (pg->is_broken)
        go_down(pg);
}

void pg_link_later(void *arg)
{
    struct pg *pg = arg;
    settle(pg);
    pg_fail_all(pg, &pg->refused, "the database is away");
}

static void go_up(struct pg *pg)
{
    pg->state = PG_UP;
    counter_add(COUNTER_DATABASE_UP, 1);
    pg->backoff_us = 0;
    loop_timer_clear(pg->timer);
    pg->callback_depth++;
    if (pg->options.on_up)
        pg->options.on_up(pg->options.arg);
    pg->callback_depth--;
}

static void read_notifications(struct pg *pg)
{
    PGnotify *n;
    while ((n = PQnotifies(pg->conn))) {
        pg->callback_depth++;
        if (pg->options.on_notify && pg->state == PG_UP)
            pg->options.on_notify(pg->options.arg, n->extra);
        pg->callback_depth--;
        PQfreemem(n);
    }
}

/* What came before the connection broke is still delivered: those outcomes are known. */
static void read_input(struct pg *pg)
{
    pg_read_answers(pg);
    read_notifications(pg);
    if (pg->state == PG_PREPARING && pg->pending.count == 0 && !pg->is_broken)
        go_up(pg);
    settle(pg);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct pg *pg = arg;
    (void)fd, (void)what;
    pg->moved_us = clock_mono_us();
    if (!PQconsumeInput(pg->conn))
        pg_mark_broken(pg, "", PQerrorMessage(pg->conn));
    read_input(pg);
}

/* While it cannot write, libpq reads what the server sends, lest both wait for each other: there
 * may be answers in its buffer that no read event will tell of. */
static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    struct pg *pg = arg;
    (void)fd, (void)what;
    pg->moved_us = clock_mono_us();
    pg_link_flush(pg);
    read_input(pg);
}

void pg_link_watch(void *arg)
{
    struct pg *pg = arg;
    pg->is_watched = false;
    if (pg->pending.count == 0)
        return;
    int64_t left_us = pg->moved_us + pg->options.answer_timeout_us - clock_mono_us();
    if (left_us > 0) {
        pg->is_watched = true;
        loop_timer_set(pg->watchdog, left_us);
        return;
    }
    pg_mark_broken(pg, "", "the server does not answer");
    settle(pg);
}

void pg_link_flush(struct pg *pg)
{
    int left = PQflush(pg->conn);
    if (left < 0)
        pg_mark_broken(pg, "", PQerrorMessage(pg->conn));
    else if (left > 0)
        must(event_add(pg->write_event, NULL) == 0);
    if (pg->options.answer_timeout_us && !pg->is_watched && pg->pending.count) {
        pg->is_watched = true;
        loop_timer_set(pg->watchdog, pg->options.answer_timeout_us);
    }
}

/* Times and dates are read as text: their form must not depend on the server's settings. */
static void send_session(struct pg *pg)
{
    char statement[32] = "", lock[32] = "";
    const char *values[] = {statement, lock};
    if (pg->options.statement_timeout_ms)
        snprintf(statement, sizeof(statement), "%d", pg->options.statement_timeout_ms);
    if (pg->options.lock_timeout_ms)
        snprintf(lock, sizeof(lock), "%d", pg->options.lock_timeout_ms);
    int is_sent = PQsendQueryParams(pg->conn,
                                    "SELECT set_config('TimeZone', 'UTC', false),"
                                    " set_config('DateStyle', 'ISO, YMD', false),"
                                    " CASE WHEN $1 <> '' THEN"
                                    " set_config('statement_timeout', $1, false) END,"
                                    " CASE WHEN $2 <> '' THEN"
                                    " set_config('lock_timeout', $2, false) END",
                                    2, NULL, values, NULL, NULL, 0);
    pg_add_request(pg, is_sent, NULL, NULL)->what = "the session";
}

static void send_listen(struct pg *pg)
{
    const char *channel = pg->options.listen_channel;
    char *quoted = PQescapeIdentifier(pg->conn, channel, strlen(channel));
    must(quoted);
    auto_buf struct buf sql = {0};
    buf_printf(&sql, "LISTEN %s", quoted);
    PQfreemem(quoted);
    int is_sent = PQsendQueryParams(pg->conn, sql.data, 0, NULL, NULL, NULL, NULL, 0);
    pg_add_request(pg, is_sent, NULL, NULL)->what = channel;
}

/* The server then says what the answer consists of: it must be what it is read as. */
static void send_prepare(struct pg *pg, size_t statement)
{
    const struct pg_statement *s = &pg->options.statements[statement];
    const struct column *columns = pg->options.columns ? pg->options.columns[statement] : NULL;
    pg_add_request(pg, PQsendPrepare(pg->conn, s->name, s->sql, 0, NULL), NULL, NULL)->what =
        s->name;
    if (!columns)
        return;
    struct pg_request *r =
        pg_add_request(pg, PQsendDescribePrepared(pg->conn, s->name), NULL, NULL);
    r->what = s->name;
    r->columns = columns;
}

static void prepare(struct pg *pg)
{
    pg->state = PG_PREPARING;
    struct event_base *base = loop_base(pg->loop);
    int fd = PQsocket(pg->conn);
    pg->read_event = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, pg);
    pg->write_event = event_new(base, fd, EV_WRITE, on_writable, pg);
    must(pg->read_event && pg->write_event && event_add(pg->read_event, NULL) == 0);
    if (PQsetnonblocking(pg->conn, 1) != 0 || !PQenterPipelineMode(pg->conn)) {
        pg_mark_broken(pg, "", PQerrorMessage(pg->conn));
        return;
    }
    send_session(pg);
    if (pg->options.listen_channel)
        send_listen(pg);
    for (size_t i = 0; i < pg->options.statement_count; i++)
        if (pg_is_prepared(pg, i))
            send_prepare(pg, i);
}

static void wait_for(struct pg *pg, short what)
{
    int fd = PQsocket(pg->conn);
    pg->read_event = event_new(loop_base(pg->loop), fd, what, poll_connection, pg);
    must(pg->read_event && event_add(pg->read_event, NULL) == 0);
}

/* libpq may go on to another address, and so to another socket: the event is new each time. */
static void poll_connection(evutil_socket_t fd, short what, void *arg)
{
    struct pg *pg = arg;
    (void)fd, (void)what;
    event_free(pg->read_event);
    pg->read_event = NULL;
    switch (PQconnectPoll(pg->conn)) {
    case PGRES_POLLING_READING:
        wait_for(pg, EV_READ);
        break;
    case PGRES_POLLING_OK:
        prepare(pg);
        break;
    case PGRES_POLLING_FAILED:
        pg_mark_broken(pg, "", PQerrorMessage(pg->conn));
        break;
    case PGRES_POLLING_WRITING:
    case PGRES_POLLING_ACTIVE:
    default:
        wait_for(pg, EV_WRITE);
        break;
    }
    settle(pg);
}

static void ignore_notice(void *arg, const char *message)
{
    (void)arg, (void)message;
}

/* Later keywords win: what stands in the conninfo over what stands before it. */
static PGconn *begin(const struct pg_options *o)
{
    const char *keywords[] = {"keepalives_idle",  "keepalives_interval",
                              "keepalives_count", "tcp_user_timeout",
                              "client_encoding",  "dbname",
                              "application_name", NULL};
    const char *values[] = {"30", "10", "3", "30000", "UTF8", o->conninfo, o->application_name,
                            NULL};
    PGconn *conn = PQconnectStartParams(keywords, values, 1);
    must(conn);
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    return conn;
}

/* The timer's function: begins an attempt, or ends one that has not come up in time. */
void pg_link_start(void *arg)
{
    struct pg *pg = arg;
    if (pg->state != PG_WAITING) {
        pg_mark_broken(pg, "", "the server does not answer");
        settle(pg);
        return;
    }
    pg->conn = begin(&pg->options);
    pg->state = PG_CONNECTING;
    if (PQstatus(pg->conn) == CONNECTION_BAD) {
        pg_mark_broken(pg, "", PQerrorMessage(pg->conn));
        settle(pg);
        return;
    }
    loop_timer_set(pg->timer, CONNECT_US);
    wait_for(pg, EV_WRITE);
}
