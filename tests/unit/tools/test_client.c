// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tools/cli/client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A peer in a process of its own that answers one request after the other with the given texts, on
 * kept connections; "" closes the connection without an answer. The last text is repeated. */
struct peer {
    pid_t pid;
    int port;
    char url[64];
};

#define OK(body) "HTTP/1.1 200 OK\r\nContent-Length: " body
#define DONE     OK("2\r\n\r\n{}")
#define BUSY     "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

static bool read_request(int fd)
{
    char text[4096];
    size_t at = 0;
    for (;;) {
        ssize_t n = read(fd, text + at, sizeof(text) - 1 - at);
        if (n <= 0)
            return false;
        at += (size_t)n;
        text[at] = '\0';
        const char *body = strstr(text, "\r\n\r\n");
        const char *length = strcasestr(text, "Content-Length:");
        size_t wanted = length ? strtoul(length + 15, NULL, 10) : 0;
        if (body && strlen(body + 4) >= wanted)
            return true;
    }
}

/* fds[0] listens, the others are connections. */
static void serve(int listener, const char *const *replies)
{
    struct pollfd fds[16] = {{.fd = listener, .events = POLLIN}};
    nfds_t count = 1;
    for (;;) {
        poll(fds, count, -1);
        if (fds[0].revents && count < 16)
            fds[count++] = (struct pollfd){.fd = accept(listener, NULL, NULL), .events = POLLIN};
        for (nfds_t i = 1; i < count; i++) {
            if (!fds[i].revents)
                continue;
            const char *reply = read_request(fds[i].fd) ? *replies : NULL;
            if (reply && replies[1])
                replies++;
            if (reply && *reply && write(fds[i].fd, reply, strlen(reply)) > 0)
                continue;
            close(fds[i].fd);
            fds[i--] = fds[--count];
        }
    }
}

static void peer_start(struct peer *p, const char *const *replies)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 64), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    p->port = ntohs(address.sin_port);
    snprintf(p->url, sizeof(p->url), "http://127.0.0.1:%d/x", p->port);
    p->pid = fork();
    if (p->pid == 0) {
        alarm(30);
        serve(listener, replies);
    }
    close(listener);
}

static void peer_stop(const struct peer *p)
{
    kill(p->pid, SIGKILL);
    waitpid(p->pid, NULL, 0);
}

static enum err ask(const char *method, const char *const *replies, int64_t timeout_us,
                    uint64_t *ret_retries, struct fault *fault)
{
    struct peer peer;
    peer_start(&peer, replies);
    struct client *c =
        client_new(&(struct client_options){.key = "k", .in_flight = 1, .timeout_us = timeout_us});
    const char *body = strcmp(method, "GET") == 0 ? NULL : "{}";
    enum err e = client_call(c, method, peer.url, body, NULL, fault);
    assert_int_equal(client_pending(c), 0);
    *ret_retries = client_retries(c);
    client_free(c);
    peer_stop(&peer);
    return e;
}

static void test_repeats_what_is_refused_for_the_moment(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *replies[4];
        enum err err;
        uint64_t retries;
    } cases[] = {
        {"GET", {DONE}, ERR_OK, 0},
        {"POST", {BUSY, BUSY, DONE}, ERR_OK, 2},
        {"POST", {"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", DONE}, ERR_OK, 1},
        {"GET", {"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", DONE}, ERR_OK, 1},
        /* may have arrived: only what is harmless twice is sent again */
        {"GET", {"", DONE}, ERR_OK, 1},
        {"POST", {"", DONE}, ERR_IO, 0},
        {"POST", {"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", DONE}, ERR_INTERNAL, 0},
        {"POST", {"HTTP/1.1 409 No\r\nContent-Length: 0\r\n\r\n", DONE}, ERR_CONFLICT, 0},
        {"GET", {OK("1\r\n\r\n{"), DONE}, ERR_INTERNAL, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fault fault = {0};
        uint64_t retries;
        assert_int_equal(ask(cases[i].method, cases[i].replies, 20 * SECOND_US, &retries, &fault),
                         cases[i].err);
        assert_int_equal(retries, cases[i].retries);
    }
}

static void test_waits_as_long_as_asked(void **state)
{
    (void)state;
    static const char *const replies[] = {
        "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", DONE, NULL};
    struct fault fault;
    uint64_t retries;
    int64_t began_us = clock_mono_us();
    assert_int_equal(ask("POST", replies, 20 * SECOND_US, &retries, &fault), ERR_OK);
    assert_true(clock_mono_us() - began_us >= SECOND_US);
}

static void test_timeout_ends(void **state)
{
    (void)state;
    static const char *const replies[] = {
        "HTTP/1.1 503 Busy\r\nContent-Length: 18\r\n\r\n{\"detail\":\"later\"}", NULL};
    struct fault fault;
    uint64_t retries;
    assert_int_equal(ask("GET", replies, SECOND_US, &retries, &fault), ERR_UNAVAILABLE);
    assert_true(retries >= 1);
    assert_string_equal(fault.detail, "later");
}

static void test_problem_becomes_fault(void **state)
{
    (void)state;
    static const char *const replies[] = {"HTTP/1.1 400 Bad\r\nContent-Length: 34\r\n\r\n"
                                          "{\"detail\":\"no\",\"pointer\":\"/a/0\"}   ",
                                          NULL};
    struct fault fault;
    uint64_t retries;
    assert_int_equal(ask("POST", replies, 20 * SECOND_US, &retries, &fault), ERR_INVALID);
    assert_string_equal(fault.detail, "no");
    assert_string_equal(fault.pointer, "/a/0");
}

static void count_reply(void *arg, const struct client_reply *reply)
{
    assert_int_equal(reply->status, 200);
    assert_string_equal(reply->body, "{}");
    ++*(int *)arg;
}

/* 50 requests over 3 connections, some refused or dropped in between: each is answered once. */
static void test_many_in_flight(void **state)
{
    (void)state;
    static const char *const replies[] = {DONE, BUSY, DONE, "", DONE, DONE, BUSY, DONE, NULL};
    struct peer peer;
    peer_start(&peer, replies);
    struct client *c = client_new(
        &(struct client_options){.key = "k", .in_flight = 3, .timeout_us = 20 * SECOND_US});
    int answered = 0;
    for (int i = 0; i < 50; i++) {
        client_send(c, &(struct client_request){.method = "POST",
                                                .url = peer.url,
                                                .body = "{}",
                                                .body_bytes = 2,
                                                .is_repeatable = true,
                                                .fn = count_reply,
                                                .arg = &answered});
        client_wait(c, 10);
        assert_true(client_pending(c) <= 10);
    }
    client_wait(c, 0);
    assert_int_equal(answered, 50);
    assert_true(client_retries(c) >= 2);
    client_free(c);
    peer_stop(&peer);
}

static void test_nobody_listens(void **state)
{
    (void)state;
    static const char *const replies[] = {DONE, NULL};
    struct peer peer;
    struct fault fault;
    peer_start(&peer, replies);
    peer_stop(&peer);
    struct client *c =
        client_new(&(struct client_options){.key = "k", .in_flight = 1, .timeout_us = 100000});
    assert_int_equal(client_call(c, "GET", peer.url, NULL, NULL, &fault), ERR_IO);
    client_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeats_what_is_refused_for_the_moment),
        cmocka_unit_test(test_waits_as_long_as_asked),
        cmocka_unit_test(test_timeout_ends),
        cmocka_unit_test(test_problem_becomes_fault),
        cmocka_unit_test(test_many_in_flight),
        cmocka_unit_test(test_nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
