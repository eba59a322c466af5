// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections taken in one turn of the loop, so that those already here are served too. */
#define ACCEPT_BURST 64
/* Out of descriptors or memory: the socket stays readable, so asking again at once would spin. */
#define ACCEPT_PAUSE_US (SECOND_US / 10)

static void pause_accepting(struct http_server *s)
{
    for (struct http_listener *l = s->listeners; l; l = l->next)
        event_del(&l->event);
    loop_timer_set(s->accept_timer, ACCEPT_PAUSE_US);
}

void http_accept_on_timer(void *arg)
{
    struct http_server *s = arg;
    for (struct http_listener *l = s->listeners; l; l = l->next)
        must(event_add(&l->event, NULL) == 0);
}

static bool is_over_caps(struct http_server *s, const struct http_address *a)
{
    unsigned per_address = s->limits.connections_per_address;
    return s->open >= s->limits.connections ||
           (a && per_address > 0 && http_address_count(s, a) > per_address);
}

static void take(struct http_server *s, int fd, const struct sockaddr_storage *peer)
{
    struct http_address *address = http_address_take(s, peer);
    bool is_refused = is_over_caps(s, address);
    /* A refusal over TLS would need the handshake first. */
    if (is_refused && (s->tls || s->refused >= HTTP_REFUSED)) {
        http_address_drop(s, address);
        close(fd);
        return;
    }
    struct http_connection *c = http_connection_new(s, fd, address, is_refused);
    if (is_refused)
        http_input_refuse(c, 503, "There are too many connections; try again in a moment.");
    else
        http_connection_settle(c);
}

static void on_accept(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct http_listener *l = arg;
    struct http_server *s = l->server;
    s->now_us = clock_mono_us();
    for (int i = 0; i < ACCEPT_BURST; i++) {
        struct sockaddr_storage peer = {0};
        socklen_t length = sizeof(peer);
        int taken = accept4(fd, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (taken >= 0) {
            take(s, taken, &peer);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            pause_accepting(s);
        if (errno != EINTR && errno != ECONNABORTED)
            return;
    }
}

void http_server_listen(struct http_server *s, int fd)
{
    struct http_listener *l = mem_zalloc(sizeof(*l));
    int on = 1;
    l->server = s;
    l->fd = fd;
    l->next = s->listeners;
    s->listeners = l;
    /* Inherited by what is accepted; fails on unix sockets, which have no such delay. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    event_assign(&l->event, loop_base(s->loop), fd, EV_READ | EV_PERSIST, on_accept, l);
    must(event_add(&l->event, NULL) == 0);
}

void http_accept_stop(struct http_server *s)
{
    loop_timer_clear(s->accept_timer);
    while (s->listeners) {
        struct http_listener *l = s->listeners;
        s->listeners = l->next;
        event_del(&l->event);
        close(l->fd);
        mem_free(l);
    }
}
