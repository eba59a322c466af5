// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long, and for how many bytes, a closing connection is read so that the last reply is not lost
 * by a reset. */
#define LINGER_US    (2 * SECOND_US)
#define LINGER_BYTES (1024u * 1024u)
/* A client that has just come and not asked yet has a first request on its way: it is waited for,
 * also while draining. */
#define FRESH_US (SECOND_US / 2)

static void on_event(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    struct http_connection *c = arg;
    c->server->now_us = clock_mono_us();
    c->is_closing = c->is_closing || (what & EV_CLOSED);
    if (what & EV_WRITE)
        http_output_flush(c);
    if ((what & (EV_READ | EV_CLOSED)) || c->wants_write)
        http_input_read(c);
    http_connection_run(c);
}

static void wait_for(struct http_connection *c, short events)
{
    if (events == c->events)
        return;
    if (c->events)
        event_del(&c->event);
    c->events = events;
    if (!events)
        return;
    /* By edges: a socket that was read dry is not looked at again until something comes. TLS may
     * leave a part of a record there, and be asked again. */
    short edges = events & EV_READ && !c->tls ? EV_CLOSED | EV_ET : 0;
    event_assign(&c->event, loop_base(c->server->loop), c->fd, (short)(events | edges | EV_PERSIST),
                 on_event, c);
    must(event_add(&c->event, NULL) == 0);
}

struct http_connection *http_connection_new(struct http_server *s, int fd,
                                            struct http_address *address, bool is_refused)
{
    struct http_connection *c = mem_zalloc(sizeof(*c));
    c->server = s;
    c->fd = fd;
    c->address = address;
    c->is_refused = is_refused;
    c->opened_us = s->now_us;
    if (s->tls)
        c->tls = tls_stream_new(s->tls, fd);
    LIST_INSERT_HEAD(&s->connections, c, all);
    s->existing++;
    if (is_refused)
        s->refused++;
    else
        s->open++;
    counter_add(COUNTER_CONNECTIONS, 1);
    return c;
}

void http_connection_free(struct http_connection *c)
{
    struct http_server *s = c->server;
    http_exchange_drop(c);
    http_buffer_drop(c);
    if (s) {
        LIST_REMOVE(c, all);
        s->existing--;
        http_server_on_gone(s);
    }
    mem_free(c);
}

void http_connection_break(struct http_connection *c)
{
    struct http_server *s = c->server;
    http_deadline_clear(c);
    wait_for(c, 0);
    tls_stream_free(c->tls);
    c->tls = NULL;
    close(c->fd);
    c->fd = -1;
    buf_done(&c->out);
    if (c->is_refused)
        s->refused--;
    else
        s->open--;
    counter_add(COUNTER_CONNECTIONS, (uint64_t)-1);
    if (http_state_is_at_work(c->state)) {
        struct http_request *r = &c->exchange->request;
        r->peer_address = arena_strdup(r->arena, r->peer_address);
        if (r->peer_ip)
            r->peer_ip = memcpy(arena_alloc(r->arena, 16), r->peer_ip, 16);
        http_state_enter(&c->state, HTTP_GONE);
    }
    http_address_drop(s, c->address);
    c->address = NULL;
    if (c->state != HTTP_GONE)
        http_connection_free(c);
}

void http_connection_run(struct http_connection *c)
{
    c->is_running = true;
    do {
        while (http_input_step(c))
            ;
    } while (c->tls && http_input_read_held(c));
    c->is_running = false;
    http_output_flush(c);
    http_connection_settle(c);
}

/* The last reply is written. The peer may still be sending: to close now would answer that with a
 * reset, which can overtake the reply. */
static void begin_linger(struct http_connection *c)
{
    bool must_linger = c->state == HTTP_LAST_LINGER;
    if (c->tls && must_linger)
        tls_stream_shut(c->tls);
    if (!must_linger || c->socket != HTTP_SOCKET_OPEN || shutdown(c->fd, SHUT_WR) != 0) {
        http_state_note(&c->socket, HTTP_SOCKET_BROKEN);
        return;
    }
    http_state_enter(&c->state, HTTP_LINGER);
    http_buffer_drop(c);
}

static short events_of(const struct http_connection *c, bool is_blocked)
{
    if (is_blocked || c->wants_write)
        return EV_WRITE;
    bool is_at_work = http_state_is_at_work(c->state);
    if (c->socket == HTTP_SOCKET_EOF || (is_at_work && http_input_ahead(c) == 0))
        return 0;
    return EV_READ;
}

static void set_deadline(struct http_connection *c, bool is_blocked)
{
    const struct http_limits *limits = &c->server->limits;
    const struct http_exchange *x = c->exchange;
    if (is_blocked)
        http_deadline_set(c, DEADLINE_WRITE,
                          c->write_us + limits->write_us * (1 + (int64_t)(c->out.length >> 20)));
    else if (c->state == HTTP_LINGER && c->deadline != DEADLINE_LINGER)
        http_deadline_set(c, DEADLINE_LINGER, c->server->now_us + LINGER_US);
    else if (c->tls && !tls_stream_is_open(c->tls))
        http_deadline_set(c, DEADLINE_HEADER, c->opened_us + limits->header_us);
    else if (http_state_is_at_work(c->state))
        http_deadline_set(c, DEADLINE_NONE, 0);
    else if (c->state == HTTP_READ_BODY)
        http_deadline_set(c, DEADLINE_BODY, x->body_us + limits->body_us);
    else if (c->state == HTTP_READ_HEAD && x)
        http_deadline_set(c, DEADLINE_HEADER, x->begun_us + limits->header_us);
    else if (c->state == HTTP_READ_HEAD && c->server->is_draining)
        http_deadline_set(c, DEADLINE_IDLE, c->opened_us + FRESH_US);
    else if (c->state == HTTP_READ_HEAD)
        http_deadline_set(c, DEADLINE_IDLE, c->server->now_us + limits->idle_us);
}

/* Is this the end of a connection on which nothing is under way? */
static bool is_over(const struct http_connection *c)
{
    bool is_fresh = !c->was_asked && c->server->now_us < c->opened_us + FRESH_US;
    return c->socket == HTTP_SOCKET_EOF || (c->server->is_draining && !is_fresh);
}

void http_connection_settle(struct http_connection *c)
{
    bool is_blocked = http_output_pending(c) > 0;
    bool is_idle = c->state == HTTP_READ_HEAD && c->in_begin == c->in_end;
    bool is_last = c->state == HTTP_LAST || c->state == HTTP_LAST_LINGER;
    if (is_last && !is_blocked)
        begin_linger(c);
    bool has_lingered = c->state == HTTP_LINGER && c->socket == HTTP_SOCKET_EOF;
    if ((is_idle && !is_blocked && is_over(c)) || has_lingered || c->lingered_bytes > LINGER_BYTES)
        http_state_note(&c->socket, HTTP_SOCKET_BROKEN);
    if (c->socket == HTTP_SOCKET_BROKEN) {
        http_connection_break(c);
        return;
    }
    if (is_idle)
        http_buffer_drop(c);
    wait_for(c, events_of(c, is_blocked));
    if (c->has_more && (c->events & EV_READ))
        event_active(&c->event, EV_READ, 0);
    set_deadline(c, is_blocked);
}

void http_connection_expire(struct http_connection *c)
{
    bool is_blocked = http_output_pending(c) > 0;
    bool is_asking = c->state == HTTP_READ_BODY || (c->state == HTTP_READ_HEAD && c->exchange);
    if (is_asking && !is_blocked)
        http_input_refuse(c, 408, "The request took too long to arrive.");
    else
        http_connection_break(c);
}
