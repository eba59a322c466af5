// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include "base/clock.h"
#include "base/mem.h"

#include <sys/random.h>

/* While draining, nobody is waited for longer than this. */
#define DRAIN_US (5 * SECOND_US)

struct http_server *http_server_new(struct loop *l, const struct http_limits *limits,
                                    const struct http_service *service)
{
    struct http_server *s = mem_zalloc(sizeof(*s));
    must(service->on_head && service->on_request && service->error_body);
    s->loop = l;
    s->limits = *limits;
    s->service = *service;
    LIST_INIT(&s->connections);
    for (int kind = 0; kind < DEADLINE_COUNT; kind++)
        TAILQ_INIT(&s->due[kind]);
    s->due_timer = loop_timer_new(l, http_deadline_on_timer, s);
    s->due_timer_us = INT64_MAX;
    s->accept_timer = loop_timer_new(l, http_accept_on_timer, s);
    must(getrandom(&s->address_seed, sizeof(s->address_seed), 0) == sizeof(s->address_seed));
    return s;
}

void http_server_free(struct http_server *s)
{
    if (!s)
        return;
    s->is_draining = false;
    http_accept_stop(s);
    struct http_connection *c, *next;
    for (c = LIST_FIRST(&s->connections); c; c = next) {
        next = LIST_NEXT(c, all);
        bool is_held = c->state == HTTP_GONE || http_state_is_at_work(c->state);
        if (c->state != HTTP_GONE)
            http_connection_break(c);
        if (is_held)
            c->server = NULL;
    }
    loop_timer_free(s->due_timer);
    loop_timer_free(s->accept_timer);
    tls_unref(s->tls);
    http_pool_done(s);
    buf_done(&s->head);
    mem_free(s);
}

void http_server_set_limits(struct http_server *s, const struct http_limits *limits)
{
    s->limits = *limits;
}

void http_server_set_tls(struct http_server *s, struct tls *tls)
{
    struct tls *old = s->tls;
    s->tls = tls ? tls_ref(tls) : NULL;
    tls_unref(old);
}

unsigned http_server_connections(const struct http_server *s)
{
    return s->open + s->refused;
}

void http_server_on_gone(struct http_server *s)
{
    if (!s->is_draining || s->existing > 0 || !s->drained_fn)
        return;
    loop_defer(s->loop, s->drained_fn, s->drained_arg);
    s->drained_fn = NULL;
}

void http_server_drain(struct http_server *s, loop_fn *fn, void *arg)
{
    s->is_draining = true;
    s->drained_fn = fn;
    s->drained_arg = arg;
    s->now_us = clock_mono_us();
    s->drain_us = s->now_us + DRAIN_US;
    http_accept_stop(s);
    /* Each comes by once more: what an idle client has sent by now was sent to a server that still
     * answered, and deadlines get their new end. */
    struct http_connection *c;
    LIST_FOREACH(c, &s->connections, all)
        if (c->events)
            event_active(&c->event, c->events, 0);
    http_server_on_gone(s);
}
