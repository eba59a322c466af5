// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What one client can make the server hold, and for how long: sizes, deadlines, slow readers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/lib/http_peer.h"

#include "base/clock.h"

#include <string.h>

#define HOST  "Host: h\r\n"
#define HELLO "GET /hello HTTP/1.1\r\n" HOST "\r\n"
#define MS    INT64_C(1000)

/* The error is all that comes, and it is not lost. */
static void expect_error(struct client *c, const char *status)
{
    client_await_close(c);
    assert_string_equal(client_statuses(c, false), status);
    assert_false(c->is_reset);
    assert_true(client_has(c, "Connection: close\r\n"));
    client_done(c);
}

static void large_heads_are_refused(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    char line[5000];
    memset(line, 'a', sizeof(line));

    struct client c = client_open(p);
    client_say(&c, "GET /");
    client_send(&c, line, sizeof(line));
    expect_error(&c, "431");

    c = client_open(p);
    client_say(&c, "GET / HTTP/1.1\r\n" HOST "X-Test: ");
    client_send(&c, line, 4095);
    client_say(&c, "\r\n\r\n");
    expect_error(&c, "431");

    c = client_open(p);
    client_say(&c, "GET / HTTP/1.1\r\n" HOST "X-Test: ");
    client_send(&c, line, 4096 - 38);
    client_say(&c, "\r\n\r\n");
    client_await(&c, 1, false);
    assert_string_equal(client_statuses(&c, false), "200");
    client_done(&c);
    peer_free(p);
}

static void many_headers_are_refused(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    for (unsigned count = 100; count <= 101; count++) {
        struct client c = client_open(p);
        client_say(&c, "GET / HTTP/1.1\r\n" HOST);
        for (unsigned i = 1; i < count; i++)
            client_say(&c, "a: b\r\n");
        client_say(&c, "\r\n");
        client_await(&c, 1, false);
        assert_string_equal(client_statuses(&c, false), count == 100 ? "200" : "431");
        client_done(&c);
    }
    peer_free(p);
}

static void large_bodies_are_refused_unread(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    struct client c = client_open(p);
    client_say(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n");
    expect_error(&c, "413");

    /* what was sent already must not cost the client the reply */
    static char bytes[300000];
    c = client_open(p);
    client_say(&c, "POST /none HTTP/1.1\r\n" HOST "Content-Length: 300000\r\n\r\n");
    client_send(&c, bytes, sizeof(bytes));
    expect_error(&c, "413");

    c = client_open(p);
    client_say(&c, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 65; i++) {
        client_say(&c, "3e9\r\n");
        client_send(&c, bytes, 1001);
        client_say(&c, "\r\n");
    }
    client_say(&c, "3e9\r\n");
    client_send(&c, bytes, 1001);
    expect_error(&c, "413");

    for (int kind = 0; kind < 2; kind++) {
        c = client_open(p);
        client_say(&c, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0");
        client_say(&c, kind ? "\r\na: " : ";");
        for (int i = 0; i < 100; i++)
            client_say(&c, "01234567890123456789012345678901234567890123456789");
        expect_error(&c, "400");
    }
    assert_int_equal(p->requests, 0);
    peer_free(p);
}

/* However little room large bodies leave, small ones have theirs. */
static void small_bodies_pass_where_large_ones_fill_the_room(void **state)
{
    (void)state;
    static char bytes[60000];
    struct http_limits limits = peer_limits();
    limits.bodies_bytes = 100000;
    struct peer *p = peer_new(&limits);
    struct client large[8], c;
    unsigned refused = 0;
    for (size_t i = 0; i < 8; i++) {
        large[i] = client_open(p);
        client_say(&large[i], "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 60000\r\n\r\n");
        client_send(&large[i], bytes, 9000 + 7000 * i);
        client_read(&large[i]);
        refused += client_has(&large[i], "HTTP/1.1 503 ");
    }
    assert_true(refused > 0 && refused < 8);
    for (int i = 0; i < 3; i++) {
        c = client_open(p);
        client_say(&c, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
        for (int piece = 0; piece < 7; piece++) {
            client_say(&c, "3e9\r\n");
            client_send(&c, bytes, 1001);
            client_say(&c, "\r\n");
        }
        client_say(&c, "0\r\n\r\n");
        client_await(&c, 1, false);
        assert_string_equal(client_statuses(&c, false), "200");
        client_done(&c);
    }
    for (size_t i = 0; i < 8; i++)
        client_done(&large[i]);
    peer_free(p);
}

/* Says a byte of 'text' every 10 ms; the deadline must not move by that. */
static void trickle(const char *start, const char *text, const char *status)
{
    struct http_limits limits = peer_limits();
    limits.header_us = limits.body_us = 100 * MS;
    struct peer *p = peer_new(&limits);
    struct client c = client_open(p);
    client_say(&c, start);
    for (; *text && !c.is_closed; text++) {
        client_send(&c, text, 1);
        peer_wait(p, 10 * MS);
        client_read(&c);
    }
    assert_true(c.is_closed);
    assert_int_not_equal(*text, '\0');
    expect_error(&c, status);
    peer_free(p);
}

static void slow_clients_are_cut_off(void **state)
{
    (void)state;
    static const char slow[] = "01234567890123456789012345678901234567890123456789"
                               "01234567890123456789012345678901234567890123456789";
    trickle("GET /", slow, "408");
    trickle("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n", slow, "408");
    trickle("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nff\r\n", slow, "408");
}

static void idle_clients_are_let_go(void **state)
{
    (void)state;
    struct http_limits limits = peer_limits();
    limits.idle_us = 50 * MS;
    struct peer *p = peer_new(&limits);
    struct client never = client_open(p), once = client_open(p), works = client_open(p);
    client_say(&once, HELLO);
    client_say(&works, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    client_await_close(&never);
    client_await_close(&once);
    assert_int_equal(never.got.length, 0);
    assert_string_equal(client_statuses(&once, false), "200");
    client_read(&works);
    assert_false(works.is_closed);
    peer_answer(p, 200, "");
    client_await(&works, 1, false);
    client_done(&never);
    client_done(&once);
    client_done(&works);
    peer_free(p);
}

/* Its deadline moves on with each request. */
static void busy_clients_stay(void **state)
{
    (void)state;
    struct http_limits limits = peer_limits();
    limits.idle_us = 1500 * MS; /* a busy machine may stop for a while */
    struct peer *p = peer_new(&limits);
    struct client busy = client_open(p), idle = client_open(p);
    unsigned count = 0;
    for (; !idle.is_closed || count < 30; count++) {
        client_say(&busy, HELLO);
        client_await(&busy, count + 1, false);
        peer_wait(p, 10 * MS);
        client_read(&idle);
    }
    client_read(&busy);
    assert_false(busy.is_closed);
    client_done(&busy);
    client_done(&idle);
    peer_free(p);
}

static void lowered_limits_hold_at_once(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    struct http_limits limits = peer_limits();
    struct client old = client_open(p);
    limits.idle_us = 50 * MS;
    http_server_set_limits(p->server, &limits);
    struct client young = client_open(p);
    client_await_close(&young);
    client_read(&old);
    assert_false(old.is_closed);
    client_done(&old);
    client_done(&young);
    peer_free(p);
}

static void a_client_that_does_not_read_is_closed(void **state)
{
    (void)state;
    struct http_limits limits = peer_limits();
    limits.write_us = 5 * MS; /* for each MiB of the reply */
    struct peer *p = peer_new(&limits);
    struct client c = client_open(p);
    auto_buf struct buf asked = {0};
    for (int i = 0; i < 40; i++) /* in one piece: they are all read */
        buf_add_str(&asked, "GET /bytes?n=20000000 HTTP/1.1\r\n" HOST "\r\n");
    client_send(&c, asked.data, asked.length);
    assert_int_equal(p->requests, 1);
    int64_t until = clock_mono_us() + 60 * SECOND_US;
    while (http_server_connections(p->server) > 0 && clock_mono_us() < until)
        peer_wait(p, 10 * MS);
    assert_int_equal(http_server_connections(p->server), 0);
    assert_int_equal(p->requests, 1);
    client_done(&c);
    peer_free(p);
}

static void little_is_read_ahead_of_a_request_in_work(void **state)
{
    (void)state;
    struct http_limits limits = peer_limits();
    limits.pipeline_bytes = 100;
    struct peer *p = peer_new(&limits);
    struct client c = client_open(p);
    client_say(&c, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    for (int i = 0; i < 50; i++)
        client_say(&c, HELLO);
    assert_int_equal(p->requests, 1);
    peer_answer(p, 200, "late");
    client_await(&c, 51, false);
    assert_int_equal(p->requests, 51);
    client_done(&c);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_heads_are_refused),
        cmocka_unit_test(many_headers_are_refused),
        cmocka_unit_test(large_bodies_are_refused_unread),
        cmocka_unit_test(small_bodies_pass_where_large_ones_fill_the_room),
        cmocka_unit_test(slow_clients_are_cut_off),
        cmocka_unit_test(idle_clients_are_let_go),
        cmocka_unit_test(busy_clients_stay),
        cmocka_unit_test(lowered_limits_hold_at_once),
        cmocka_unit_test(a_client_that_does_not_read_is_closed),
        cmocka_unit_test(little_is_read_ahead_of_a_request_in_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
