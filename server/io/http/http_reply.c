// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static const char *status_line(int status)
{
    static const struct {
        int status;
        const char *line;
    } lines[] = {
        {200, "HTTP/1.1 200 OK\r\n"},
        {201, "HTTP/1.1 201 Created\r\n"},
        {202, "HTTP/1.1 202 Accepted\r\n"},
        {204, "HTTP/1.1 204 No Content\r\n"},
        {206, "HTTP/1.1 206 Partial Content\r\n"},
        {207, "HTTP/1.1 207 Multi-Status\r\n"},
        {301, "HTTP/1.1 301 Moved Permanently\r\n"},
        {302, "HTTP/1.1 302 Found\r\n"},
        {303, "HTTP/1.1 303 See Other\r\n"},
        {304, "HTTP/1.1 304 Not Modified\r\n"},
        {307, "HTTP/1.1 307 Temporary Redirect\r\n"},
        {308, "HTTP/1.1 308 Permanent Redirect\r\n"},
        {400, "HTTP/1.1 400 Bad Request\r\n"},
        {401, "HTTP/1.1 401 Unauthorized\r\n"},
        {403, "HTTP/1.1 403 Forbidden\r\n"},
        {404, "HTTP/1.1 404 Not Found\r\n"},
        {405, "HTTP/1.1 405 Method Not Allowed\r\n"},
        {406, "HTTP/1.1 406 Not Acceptable\r\n"},
        {408, "HTTP/1.1 408 Request Timeout\r\n"},
        {409, "HTTP/1.1 409 Conflict\r\n"},
        {410, "HTTP/1.1 410 Gone\r\n"},
        {411, "HTTP/1.1 411 Length Required\r\n"},
        {412, "HTTP/1.1 412 Precondition Failed\r\n"},
        {413, "HTTP/1.1 413 Content Too Large\r\n"},
        {415, "HTTP/1.1 415 Unsupported Media Type\r\n"},
        {416, "HTTP/1.1 416 Range Not Satisfiable\r\n"},
        {417, "HTTP/1.1 417 Expectation Failed\r\n"},
        {421, "HTTP/1.1 421 Misdirected Request\r\n"},
        {422, "HTTP/1.1 422 Unprocessable Content\r\n"},
        {428, "HTTP/1.1 428 Precondition Required\r\n"},
        {429, "HTTP/1.1 429 Too Many Requests\r\n"},
        {431, "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
        {500, "HTTP/1.1 500 Internal Server Error\r\n"},
        {501, "HTTP/1.1 501 Not Implemented\r\n"},
        {502, "HTTP/1.1 502 Bad Gateway\r\n"},
        {503, "HTTP/1.1 503 Service Unavailable\r\n"},
        {504, "HTTP/1.1 504 Gateway Timeout\r\n"},
        {505, "HTTP/1.1 505 HTTP Version Not Supported\r\n"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        if (lines[i].status == status)
            return lines[i].line;
    return NULL;
}

static void add_status_line(struct buf *b, int status)
{
    const char *line = status_line(status);
    must(status >= 200 && status <= 999);
    if (line)
        buf_add_str(b, line);
    else
        buf_printf(b, "HTTP/1.1 %d \r\n", status);
}

/* Formatted once a second, without the locale. */
static void add_date(struct http_server *s, struct buf *b)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = time(NULL);
    if (now != s->date_second) {
        struct tm tm;
        gmtime_r(&now, &tm);
        s->date_second = now;
        snprintf(s->date, sizeof(s->date), "Date: %s, %02u %s %04u %02u:%02u:%02u GMT\r\n",
                 days[tm.tm_wday], (unsigned)tm.tm_mday % 100, months[tm.tm_mon],
                 ((unsigned)tm.tm_year + 1900) % 10000, (unsigned)tm.tm_hour % 100,
                 (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
    }
    buf_add_str(b, s->date);
}

static void add_length(struct buf *b, size_t value)
{
    char digits[24];
    char *p = digits + sizeof(digits);
    *--p = '\n';
    *--p = '\r';
    do
        *--p = (char)('0' + value % 10);
    while (value /= 10);
    buf_add_str(b, "Content-Length: ");
    buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

void http_reply_header(struct http_request *r, const char *name, const char *value)
{
    struct buf *b = &((struct http_exchange *)r)->headers;
    must(!strpbrk(name, "\r\n:") && !strpbrk(value, "\r\n"));
    buf_add_str(b, name);
    buf_add(b, ": ", 2);
    buf_add_str(b, value);
    buf_add(b, "\r\n", 2);
}

void http_reply_line(struct http_request *r, const char *line)
{
    buf_add_str(&((struct http_exchange *)r)->headers, line);
}

/* May the connection take another request? Not when a part of this one's body was never read. */
static bool can_stay(const struct http_connection *c, struct http_exchange *x)
{
    const struct http_head *h = &x->head;
    size_t come = c->in_end - c->in_begin;
    bool is_body_read = c->state == HTTP_WORK;
    if (!h->is_keep_alive || c->server->is_draining)
        return false;
    if (!is_body_read && h->is_chunked)
        return false;
    if (!is_body_read && h->content_length > 0) {
        if ((uint64_t)h->content_length > come - x->in_bytes)
            return false;
        x->in_bytes += (size_t)h->content_length;
    }
    return !(c->socket == HTTP_SOCKET_EOF && come == x->in_bytes);
}

static bool is_tls(const struct http_server *s, const struct http_request *r)
{
    return r->is_tls || (s->service.is_tls && s->service.is_tls(s->service.arg, r));
}

static void write_head(struct http_server *s, struct http_exchange *x, int status,
                       const char *content_type, size_t body_bytes, bool is_staying)
{
    struct buf *b = &s->head;
    b->length = 0;
    add_status_line(b, status);
    add_date(s, b);
    if (content_type) {
        buf_add_str(b, "Content-Type: ");
        buf_add_str(b, content_type);
        buf_add(b, "\r\n", 2);
    }
    if (status != 204 && status != 304)
        add_length(b, body_bytes);
    if (!is_staying)
        buf_add_str(b, "Connection: close\r\n");
    else if (x->head.minor == 0)
        buf_add_str(b, "Connection: keep-alive\r\n");
    if (s->service.headers)
        buf_add_str(b, s->service.headers);
    if (s->service.tls_headers && is_tls(s, &x->request))
        buf_add_str(b, s->service.tls_headers);
    buf_add(b, x->headers.data, x->headers.length);
    buf_add(b, "\r\n", 2);
}

void http_reply(struct http_request *r, int status, const char *content_type, const void *body,
                size_t body_bytes)
{
    struct http_exchange *x = (struct http_exchange *)r;
    struct http_connection *c = x->connection;
    struct http_server *s = c->server;
    if (c->state == HTTP_GONE) {
        http_connection_free(c);
        return;
    }
    must(http_state_is_at_work(c->state));
    bool is_staying = can_stay(c, x);
    bool has_no_body = r->verb == VERB_HEAD || status == 204 || status == 304;
    write_head(s, x, status, content_type, body_bytes, is_staying);
    bool may_be_sending = x->head.is_keep_alive || c->state == HTTP_ASK;
    c->in_begin += x->in_bytes;
    http_state_enter(&c->state, is_staying       ? HTTP_READ_HEAD
                                : may_be_sending ? HTTP_LAST_LINGER
                                                 : HTTP_LAST);
    bool may_wait = c->is_running && is_staying && c->in_begin < c->in_end;
    http_output_add(c, &s->head, body, has_no_body ? 0 : body_bytes, may_wait);
    if (s->service.on_reply)
        s->service.on_reply(s->service.arg, r, status, clock_mono_us() - x->begun_us);
    http_exchange_drop(c);
    if (!c->is_running) {
        s->now_us = clock_mono_us();
        http_connection_run(c);
    }
}
