// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/lib/http_peer.h"

#include "base/clock.h"
#include "base/mem.h"
#include "io/net/listen.h"
#include "unit/lib/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Only ends a test that hangs. */
#define TIMEOUT_US (60 * SECOND_US)

struct http_limits peer_limits(void)
{
    return (struct http_limits){.header_bytes = 4096,
                                .pipeline_bytes = 4096,
                                .header_us = 20 * SECOND_US,
                                .body_us = 20 * SECOND_US,
                                .idle_us = 20 * SECOND_US,
                                .write_us = 20 * SECOND_US,
                                .connections = 1000,
                                .connections_per_address = 0};
}

static size_t on_head(void *arg, struct http_request *r)
{
    struct peer *p = arg;
    p->heads++;
    if (strlen(p->seen) + strlen(r->path) + 2 < sizeof(p->seen)) {
        strcat(p->seen, r->path);
        strcat(p->seen, " ");
    }
    if (strcmp(r->path, "/no") == 0) {
        http_reply_header(r, "WWW-Authenticate", "Bearer");
        http_reply(r, 401, "text/plain", "no", 2);
        return 0;
    }
    return strcmp(r->path, "/none") == 0 ? 0 : 65536;
}

static void say(struct http_request *r)
{
    static const char *const verbs[] = {"GET",   "HEAD",   "POST",    "PUT",
                                        "PATCH", "DELETE", "OPTIONS", "OTHER"};
    const char *test = http_header(r, "x-test");
    enum err err = ERR_OK;
    const char *q = http_query(r, "q", &err);
    const char *text = arena_printf(
        r->arena, "%s %s|%s|%s|%s|%s", verbs[r->verb], r->path, r->query, test ? test : "-",
        err == ERR_INVALID ? "invalid" : (q ? q : "-"), r->peer_address);
    http_reply(r, 200, "text/plain", text, strlen(text));
}

static void send_bytes(struct http_request *r)
{
    size_t n = strtoul(http_query(r, "n", NULL), NULL, 10);
    char *bytes = mem_alloc(n + 1);
    memset(bytes, 'b', n);
    http_reply(r, 200, "application/octet-stream", bytes, n);
    mem_free(bytes);
}

static void on_request(void *arg, struct http_request *r)
{
    struct peer *p = arg;
    p->requests++;
    assert_int_equal(r->body[r->body_bytes], '\0');
    if (strcmp(r->path, "/echo") == 0)
        http_reply(r, 200, "text/plain", r->body, r->body_bytes);
    else if (strcmp(r->path, "/bytes") == 0)
        send_bytes(r);
    else if (strcmp(r->path, "/empty") == 0)
        http_reply(r, 204, NULL, NULL, 0);
    else if (strcmp(r->path, "/same") == 0)
        http_reply(r, 304, NULL, NULL, 0);
    else if (strcmp(r->path, "/later") == 0 && p->later_count < PEER_LATER)
        p->later[p->later_count++] = r;
    else
        say(r);
}

static void on_reply(void *arg, const struct http_request *r, int status, int64_t took_us)
{
    struct peer *p = arg;
    assert_non_null(r->path);
    assert_true(took_us >= 0);
    p->replies++;
    p->last_status = status;
}

static const char *error_body(void *arg, struct arena *arena, int status, const char *detail,
                              const char **ret_content_type)
{
    (void)arg;
    *ret_content_type = "text/plain";
    return arena_printf(arena, "error %d: %s\n", status, detail);
}

struct peer *peer_new(const struct http_limits *limits)
{
    struct peer *p = mem_zalloc(sizeof(*p));
    struct http_service service = {.on_head = on_head,
                                   .on_request = on_request,
                                   .on_reply = on_reply,
                                   .error_body = error_body,
                                   .arg = p};
    struct http_limits defaults = peer_limits();
    int fd = -1;
    p->loop = loop_new();
    p->server = http_server_new(p->loop, limits ? limits : &defaults, &service);
    assert_int_equal(listen_open("127.0.0.1:0", false, &fd, NULL), ERR_OK);
    p->port = port_of(fd);
    http_server_listen(p->server, fd);
    return p;
}

void peer_free(struct peer *p)
{
    http_server_free(p->server);
    loop_free(p->loop);
    mem_free(p);
}

static void stop(void *arg)
{
    loop_stop(arg);
}

void peer_turn(struct peer *p)
{
    loop_defer(p->loop, stop, p->loop);
    loop_run(p->loop);
}

void peer_wait(struct peer *p, int64_t wait_us)
{
    struct loop_timer *t = loop_timer_new(p->loop, stop, p->loop);
    loop_timer_set(t, wait_us);
    loop_run(p->loop);
    loop_timer_free(t);
}

void peer_answer(struct peer *p, int status, const char *body)
{
    assert_true(p->later_count > 0);
    struct http_request *r = p->later[0];
    p->later_count--;
    memmove(p->later, p->later + 1, p->later_count * sizeof(*p->later));
    http_reply(r, status, "text/plain", body, strlen(body));
}

struct client client_open(struct peer *p)
{
    struct client c = {.peer = p, .fd = socket(AF_INET, SOCK_STREAM, 0)};
    struct sockaddr_in name = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)p->port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    assert_true(c.fd >= 0);
    assert_int_equal(connect(c.fd, (struct sockaddr *)&name, sizeof(name)), 0);
    setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    peer_turn(p);
    return c;
}

void client_done(struct client *c)
{
    close(c->fd);
    buf_done(&c->got);
    peer_turn(c->peer);
}

void client_shut(struct client *c)
{
    shutdown(c->fd, SHUT_WR);
    peer_turn(c->peer);
}

void client_read(struct client *c)
{
    while (!c->is_closed) {
        char *to = buf_reserve(&c->got, 65536);
        *to = '\0';
        ssize_t n = recv(c->fd, to, 65536, MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN)
            return;
        c->is_closed = n <= 0;
        c->is_reset = n < 0;
        c->got.length += n > 0 ? (size_t)n : 0;
        c->got.data[c->got.length] = '\0';
    }
}

void client_send(struct client *c, const char *bytes, size_t length)
{
    int64_t until = clock_mono_us() + TIMEOUT_US;
    while (length > 0) {
        ssize_t n = send(c->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            return;
        assert_true(clock_mono_us() < until);
        bytes += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
        peer_turn(c->peer);
    }
}

void client_say(struct client *c, const char *text)
{
    client_send(c, text, strlen(text));
}

/* The end of the reply at 'from', or NULL when it is not complete. */
static const char *reply_end(const struct client *c, const char *from, bool is_head,
                             int *ret_status)
{
    const char *end = strstr(from, "\r\n\r\n");
    if (!end || sscanf(from, "HTTP/1.1 %d ", ret_status) != 1)
        return NULL;
    const char *said = strstr(from, "Content-Length: ");
    end += 4;
    if (said && said < end && !is_head)
        end += strtoul(said + 16, NULL, 10);
    return end <= c->got.data + c->got.length ? end : NULL;
}

const char *client_statuses(const struct client *c, bool is_head)
{
    static char text[512];
    const char *at = c->got.data ? c->got.data : "";
    int status;
    text[0] = '\0';
    while ((at = reply_end(c, at, is_head, &status)))
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d", text[0] ? " " : "",
                 status);
    return text;
}

static unsigned count_replies(const struct client *c, bool is_head)
{
    unsigned count = 0;
    int status;
    for (const char *at = c->got.data; at && (at = reply_end(c, at, is_head, &status));)
        count += status >= 200;
    return count;
}

void client_await(struct client *c, unsigned count, bool is_head)
{
    int64_t until = clock_mono_us() + TIMEOUT_US;
    for (client_read(c); count_replies(c, is_head) < count; client_read(c)) {
        assert_false(c->is_closed);
        assert_true(clock_mono_us() < until);
        peer_turn(c->peer);
    }
}

void client_await_close(struct client *c)
{
    int64_t until = clock_mono_us() + TIMEOUT_US;
    for (client_read(c); !c->is_closed; client_read(c)) {
        assert_true(clock_mono_us() < until);
        peer_turn(c->peer);
    }
}

void client_await_text(struct client *c, const char *text)
{
    int64_t until = clock_mono_us() + TIMEOUT_US;
    for (client_read(c); !client_has(c, text); client_read(c)) {
        assert_false(c->is_closed);
        assert_true(clock_mono_us() < until);
        peer_turn(c->peer);
    }
}

bool client_has(const struct client *c, const char *text)
{
    return c->got.data && strstr(c->got.data, text);
}
