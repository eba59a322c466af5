// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Room for the framing of a chunked body, which is decoded piece by piece behind the head. */
#define CHUNK_ROOM 1024

static size_t receive_plain(struct http_connection *c, char *to, size_t room)
{
    ssize_t n;
    do
        n = recv(c->fd, to, room, 0);
    while (n < 0 && errno == EINTR);
    c->has_more = n > 0 && ((size_t)n == room || c->is_closing);
    if (n == 0)
        http_state_note(&c->socket, HTTP_SOCKET_EOF);
    else if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
        http_state_note(&c->socket, HTTP_SOCKET_BROKEN);
    return n > 0 ? (size_t)n : 0;
}

/* Who speaks HTTP here is told so in HTTP. */
static void go_plain(struct http_connection *c)
{
    tls_stream_free(c->tls);
    c->tls = NULL;
    c->is_not_tls = true;
}

static size_t receive_tls(struct http_connection *c, char *to, size_t room)
{
    enum tls_want want;
    size_t n = tls_stream_read(c->tls, to, room, &want);
    /* Once the handshake is over, what there is to write goes with the next reply. */
    c->wants_write = want == TLS_WANTS_WRITE && !tls_stream_is_open(c->tls);
    if (want == TLS_ENDED)
        http_state_note(&c->socket, HTTP_SOCKET_EOF);
    else if (want == TLS_BROKEN)
        http_state_note(&c->socket, HTTP_SOCKET_BROKEN);
    else if (want == TLS_IS_PLAIN)
        go_plain(c);
    return n;
}

static size_t receive(struct http_connection *c, char *to, size_t room)
{
    return c->tls ? receive_tls(c, to, room) : receive_plain(c, to, room);
}

size_t http_input_ahead(const struct http_connection *c)
{
    size_t ahead = c->in_end - c->in_begin - c->exchange->in_bytes;
    size_t most = c->server->limits.pipeline_bytes;
    size_t room = c->in_capacity - c->in_end;
    if (ahead >= most)
        return 0;
    return room < most - ahead ? room : most - ahead;
}

/* A body that does not fit behind its head; grows with what arrives, not with what is promised. */
static size_t read_body(struct http_connection *c, struct http_exchange *x)
{
    size_t left = (size_t)x->head.content_length - x->body.length;
    size_t step = x->body.length > HTTP_BUFFER_BYTES ? x->body.length : HTTP_BUFFER_BYTES;
    char *to = buf_reserve(&x->body, left < step ? left : step);
    size_t n = receive(c, to, left < step ? left : step);
    x->body.length += n;
    return n;
}

size_t http_input_read(struct http_connection *c)
{
    struct http_exchange *x = c->exchange;
    if (c->state == HTTP_LINGER) {
        char waste[4096];
        c->lingered_bytes += receive_plain(c, waste, sizeof(waste));
        return 0;
    }
    if (c->state == HTTP_READ_BODY && !x->is_in_place && !x->head.is_chunked)
        return read_body(c, x);
    if (c->state == HTTP_READ_HEAD)
        http_buffer_reserve(c, 1, c->server->limits.header_bytes);
    size_t room =
        http_state_is_at_work(c->state) ? http_input_ahead(c) : c->in_capacity - c->in_end;
    size_t n = room > 0 ? receive(c, c->in + c->in_end, room) : 0;
    c->in_end += n;
    return n;
}

bool http_input_read_held(struct http_connection *c)
{
    bool is_reading = c->state == HTTP_READ_HEAD || c->state == HTTP_READ_BODY;
    if (!is_reading || c->socket != HTTP_SOCKET_OPEN || c->write_us != 0 ||
        !tls_stream_has_more(c->tls))
        return false;
    return http_input_read(c) > 0 || c->socket == HTTP_SOCKET_EOF;
}

void http_input_refuse(struct http_connection *c, int status, const char *detail)
{
    struct http_server *s = c->server;
    struct http_exchange *x = c->exchange ? c->exchange : http_exchange_take(c);
    struct http_request *r = &x->request;
    if (!r->arena)
        r->arena = http_arena_take(s);
    r->verb = x->head.verb;
    x->head.is_keep_alive = false;
    http_state_enter(&c->state, HTTP_ASK);
    const char *type = NULL;
    const char *body = s->service.error_body(s->service.arg, r->arena, status, detail, &type);
    if (status == 503)
        http_reply_header(r, "Retry-After", "1");
    http_reply(r, status, type, body, strlen(body));
}

/* Many clients with large bodies, sent slowly or at once, must not fill the memory. A body that a
 * connection's buffer would hold is bounded by how many connections there are: it is not counted,
 * and has room however many large ones wait. */
static bool has_room(struct http_server *s, struct http_exchange *x)
{
    size_t bytes = x->body.capacity > HTTP_BUFFER_BYTES ? x->body.capacity : 0;
    bool has_grown = bytes > x->body_counted;
    s->bodies_bytes += bytes - x->body_counted;
    x->body_counted = bytes;
    return !has_grown || s->limits.bodies_bytes == 0 || s->bodies_bytes <= s->limits.bodies_bytes;
}

static void refuse_room(struct http_connection *c)
{
    http_input_refuse(c, 503, "There are too many large requests; try again in a moment.");
}

/* Puts what the body says in its place. Returns NULL when it was refused. */
static char *unpack(struct http_connection *c, struct http_exchange *x, const char *body,
                    size_t *bytes)
{
    struct buf out = {0};
    const char *detail;
    int status = coding_read(x->coding, body, *bytes, x->limit, &out, &detail);
    buf_done(&x->body);
    x->body = out;
    if (status)
        http_input_refuse(c, status, detail);
    else if (!has_room(c->server, x))
        refuse_room(c);
    else {
        *bytes = x->body.length;
        return buf_reserve(&x->body, 0) - x->body.length;
    }
    return NULL;
}

/* Hands the request over. True when it was answered at once. */
static bool dispatch(struct http_connection *c, struct http_exchange *x, char *body, size_t bytes)
{
    const struct http_service *service = &c->server->service;
    if (x->coding != CODING_NONE && bytes > 0)
        body = unpack(c, x, body, &bytes);
    if (!body)
        return false;
    body[bytes] = '\0';
    x->request.body = body;
    x->request.body_bytes = bytes;
    http_state_enter(&c->state, HTTP_WORK);
    service->on_request(service->arg, &x->request);
    return c->state != HTTP_WORK;
}

/* Where the body will stand, and the leave to send it. */
static void begin_body(struct http_connection *c, struct http_exchange *x)
{
    static char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    static const struct buf leave = {text, sizeof(text) - 1, sizeof(text)};
    size_t head_end = c->in_begin + x->head.bytes;
    size_t come = c->in_end - head_end;
    http_state_enter(&c->state, HTTP_READ_BODY);
    if (x->head.expects_continue && come == 0)
        http_output_add(c, &leave, NULL, 0, false);
    if (x->head.is_chunked)
        return;
    size_t want = (size_t)x->head.content_length;
    if (want <= c->in_capacity - head_end) {
        x->is_in_place = true;
        x->in_bytes += want;
        return;
    }
    buf_add(&x->body, c->in + head_end, come);
    c->in_end = head_end;
}

/* The head is complete. True when there is more to do at once. */
static bool begin_request(struct http_connection *c, struct http_exchange *x)
{
    struct http_server *s = c->server;
    const struct http_head *h = &x->head;
    struct http_request *r = &x->request;
    if (h->is_chunked)
        http_buffer_reserve(c, CHUNK_ROOM, s->limits.header_bytes + CHUNK_ROOM);
    char *bytes = c->in + c->in_begin;
    r->arena = http_arena_take(s);
    r->verb = h->verb;
    r->path = bytes + h->path;
    r->query = h->query ? bytes + h->query : "";
    x->in_bytes = h->bytes;
    x->body_us = s->now_us;
    http_state_enter(&c->state, HTTP_ASK);
    x->limit = s->service.on_head(s->service.arg, r);
    if (c->state != HTTP_ASK)
        return true;
    if (!h->is_chunked && h->content_length <= 0)
        return dispatch(c, x, bytes + h->bytes - 1, 0);
    if (!coding_find(http_header(r, "content-encoding"), &x->coding)) {
        http_reply_header(r, "Accept-Encoding", CODING_NAMES);
        http_input_refuse(c, 415, "Content-Encoding: bodies may be coded as " CODING_NAMES ".");
        return false;
    }
    if (h->content_length > 0 && (uint64_t)h->content_length > x->limit) {
        http_input_refuse(c, 413, "The body is too large.");
        return false;
    }
    begin_body(c, x);
    return true;
}

static bool step_head(struct http_connection *c)
{
    size_t length = c->in_end - c->in_begin;
    if (c->is_not_tls) {
        c->is_not_tls = false;
        http_input_refuse(c, 400, "This port speaks TLS: ask it with https.");
        return false;
    }
    if (length == 0)
        return false;
    struct http_exchange *x = c->exchange ? c->exchange : http_exchange_take(c);
    enum http_progress progress =
        http_head_read(&x->head, c->in + c->in_begin, length, c->server->limits.header_bytes);
    if (progress == HTTP_DONE)
        return begin_request(c, x);
    if (progress == HTTP_BAD)
        http_input_refuse(c, x->head.status, x->head.detail);
    else if (c->socket == HTTP_SOCKET_EOF)
        http_input_refuse(c, 400, "The connection ended within a request.");
    return false;
}

static enum http_progress decode(struct http_connection *c, struct http_exchange *x)
{
    char *raw = c->in + c->in_begin + x->head.bytes;
    size_t length = c->in_end - c->in_begin - x->head.bytes, used = 0;
    enum http_progress progress =
        http_chunked_read(&x->chunked, raw, length, x->limit, &x->body, &used);
    memmove(raw, raw + used, length - used);
    c->in_end -= used;
    return progress;
}

static bool step_body(struct http_connection *c)
{
    struct http_exchange *x = c->exchange;
    size_t want = x->head.is_chunked ? 0 : (size_t)x->head.content_length;
    enum http_progress progress = x->head.is_chunked ? decode(c, x) : HTTP_MORE;
    if (!has_room(c->server, x)) {
        refuse_room(c);
        return false;
    }
    if (x->head.is_chunked) {
        if (progress == HTTP_BAD) {
            http_input_refuse(c, x->chunked.status, x->chunked.detail);
            return false;
        }
        if (progress == HTTP_DONE)
            return dispatch(c, x, buf_reserve(&x->body, 0) - x->body.length, x->body.length);
    } else if (!x->is_in_place) {
        if (x->body.length == want)
            return dispatch(c, x, x->body.data, want);
    } else if (c->in_end - c->in_begin >= x->in_bytes) {
        /* One byte to the left, over the head's last LF: the NUL behind the body must not fall on
         * the next request. */
        char *body = c->in + c->in_begin + x->head.bytes - 1;
        memmove(body, body + 1, want);
        return dispatch(c, x, body, want);
    }
    if (c->socket == HTTP_SOCKET_EOF)
        http_input_refuse(c, 400, "The connection ended within a request.");
    return false;
}

bool http_input_step(struct http_connection *c)
{
    if (c->socket == HTTP_SOCKET_BROKEN || c->write_us != 0)
        return false;
    if (c->state == HTTP_READ_HEAD)
        return step_head(c);
    return c->state == HTTP_READ_BODY && step_body(c);
}
