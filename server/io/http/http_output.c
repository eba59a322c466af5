// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* Pipelined replies gather up to here before they are written. */
#define GATHER_BYTES 65536
/* Most of a TLS record. */
#define TLS_RECORD_BYTES 16384

size_t http_output_pending(const struct http_connection *c)
{
    return c->out.length - c->out_sent;
}

static size_t write_piece(struct http_connection *c, const char *bytes, size_t length)
{
    size_t sent = 0;
    enum tls_want want = TLS_WANTS_NOTHING;
    while (sent < length && want == TLS_WANTS_NOTHING)
        sent += tls_stream_write(c->tls, bytes + sent, length - sent, &want);
    if (want != TLS_WANTS_NOTHING && want != TLS_WANTS_WRITE)
        http_state_note(&c->socket, HTTP_SOCKET_BROKEN);
    return sent;
}

/* A small reply goes as one record. */
static size_t write_tls(struct http_connection *c, const struct iovec *pieces, size_t count)
{
    char joined[TLS_RECORD_BYTES];
    if (count == 1)
        return write_piece(c, pieces[0].iov_base, pieces[0].iov_len);
    size_t head = pieces[0].iov_len;
    if (head >= sizeof(joined))
        return write_piece(c, pieces[0].iov_base, head);
    size_t room = sizeof(joined) - head;
    size_t body = pieces[1].iov_len < room ? pieces[1].iov_len : room;
    memcpy(joined, pieces[0].iov_base, head);
    memcpy(joined + head, pieces[1].iov_base, body);
    return write_piece(c, joined, head + body);
}

/* Returns what the socket took; 0 when it is full or broken. */
static size_t write_some(struct http_connection *c, struct iovec *pieces, size_t count)
{
    if (c->tls)
        return write_tls(c, pieces, count);
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
    ssize_t n;
    do
        n = sendmsg(c->fd, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return (size_t)n;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        http_state_note(&c->socket, HTTP_SOCKET_BROKEN);
    return 0;
}

static void add_rest(struct http_connection *c, const char *bytes, size_t length, size_t sent)
{
    if (sent < length)
        buf_add(&c->out, bytes + sent, length - sent);
}

void http_output_add(struct http_connection *c, const struct buf *head, const void *body,
                     size_t body_bytes, bool may_wait)
{
    size_t sent = 0;
    if (!may_wait && c->out.length == 0) {
        struct iovec pieces[2] = {{head->data, head->length}, {.iov_len = body_bytes}};
        pieces[1].iov_base = (void *)(uintptr_t)body;
        sent = write_some(c, pieces, body_bytes ? 2 : 1);
        if (c->socket == HTTP_SOCKET_BROKEN)
            return;
    }
    add_rest(c, head->data, head->length, sent);
    add_rest(c, body, body_bytes, sent > head->length ? sent - head->length : 0);
    if (c->out.length > 0 && (!may_wait || c->out.length >= GATHER_BYTES))
        http_output_flush(c);
}

void http_output_flush(struct http_connection *c)
{
    size_t pending = http_output_pending(c);
    if (pending > 0 && c->socket != HTTP_SOCKET_BROKEN) {
        struct iovec piece = {c->out.data + c->out_sent, pending};
        c->out_sent += write_some(c, &piece, 1);
    }
    if (http_output_pending(c) > 0 && c->socket != HTTP_SOCKET_BROKEN) {
        if (c->write_us == 0)
            c->write_us = c->server->now_us;
        return;
    }
    c->write_us = 0;
    c->out_sent = 0;
    buf_done(&c->out);
}
