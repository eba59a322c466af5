// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Many connections, and their end: caps, missing descriptors, clients that vanish, the drain.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/lib/http_peer.h"

#include <malloc.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HOST  "Host: h\r\n"
#define HELLO "GET /hello HTTP/1.1\r\n" HOST "\r\n"
#define MS    INT64_C(1000)

static void vanish(struct client *c)
{
    struct linger linger = {1, 0};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    client_done(c);
    peer_turn(c->peer);
}

static void vanished_clients_harm_nobody(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    struct client c = client_open(p);
    client_say(&c, "GET /bytes?n=20000000 HTTP/1.1\r\n" HOST "\r\n");
    vanish(&c);
    assert_int_equal(http_server_connections(p->server), 0);

    c = client_open(p);
    client_say(&c, "GET /later?x HTTP/1.1\r\n" HOST "X-Test: kept\r\n\r\n");
    vanish(&c);
    assert_int_equal(http_server_connections(p->server), 0);
    assert_string_equal(http_header(p->later[0], "x-test"), "kept");
    assert_string_equal(p->later[0]->query, "x");
    assert_string_equal(p->later[0]->peer_address, "127.0.0.1");
    peer_answer(p, 200, "to nobody");
    assert_int_equal(p->replies, 1);

    /* the server goes before its service does */
    struct client one = client_open(p), two = client_open(p);
    client_say(&one, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    client_say(&two, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    vanish(&one);
    http_server_free(p->server);
    p->server = NULL;
    peer_answer(p, 200, "");
    peer_answer(p, 200, "");
    assert_int_equal(p->replies, 1);
    client_await_close(&two);
    client_done(&two);
    peer_free(p);
}

static void caps_are_kept(void **state)
{
    (void)state;
    for (int is_per_address = 0; is_per_address < 2; is_per_address++) {
        struct http_limits limits = peer_limits();
        *(is_per_address ? &limits.connections_per_address : &limits.connections) = 3;
        struct peer *p = peer_new(&limits);
        struct client in[3] = {client_open(p), client_open(p), client_open(p)};
        struct client out = client_open(p);
        client_await_close(&out);
        assert_string_equal(client_statuses(&out, false), "503");
        assert_true(client_has(&out, "Retry-After: 1\r\n"));
        assert_true(client_has(&out, "Connection: close\r\n"));
        client_done(&out);
        client_say(&in[1], HELLO);
        client_await(&in[1], 1, false);
        client_done(&in[1]);
        in[1] = client_open(p);
        client_say(&in[1], HELLO);
        client_await(&in[1], 1, false);
        assert_string_equal(client_statuses(&in[1], false), "200");
        for (int i = 0; i < 3; i++)
            client_done(&in[i]);
        peer_free(p);
    }
}

/* More clients than descriptors: the processor rests meanwhile, and later clients are served. */
static void missing_descriptors_do_not_spin(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    struct client c = client_open(p);
    struct rlimit old, low;
    client_say(&c, HELLO);
    client_await(&c, 1, false);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    low = old;
    int next = dup(0);
    close(next);
    low.rlim_cur = (rlim_t)next + 1;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    struct client refused = client_open(p);
    clock_t before = clock();
    peer_wait(p, 300 * MS);
    assert_true(clock() - before < CLOCKS_PER_SEC / 10);
    assert_int_equal(http_server_connections(p->server), 1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    struct client later = client_open(p);
    client_say(&later, HELLO);
    client_await(&later, 1, false);
    client_done(&later);
    client_done(&refused);
    client_done(&c);
    peer_free(p);
}

static void count_call(void *arg)
{
    ++*(unsigned *)arg;
}

static void a_drain_answers_what_was_asked(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    unsigned calls = 0;
    struct client idle = client_open(p), works = client_open(p), half = client_open(p);
    struct client fresh = client_open(p);
    client_say(&works, "GET /later HTTP/1.1\r\n" HOST "\r\n" HELLO);
    client_say(&half, "GET / HTTP/1.1\r\n");
    /* sent, but not yet read by the server */
    struct client asked = client_open(p);
    assert_int_equal(send(asked.fd, HELLO, strlen(HELLO), 0), strlen(HELLO));
    http_server_drain(p->server, count_call, &calls);
    peer_turn(p);
    client_say(&fresh, HELLO);
    client_await_close(&fresh);
    assert_string_equal(client_statuses(&fresh, false), "200");
    client_done(&fresh);
    client_await_close(&idle);
    client_await_close(&asked);
    assert_string_equal(client_statuses(&asked, false), "200");
    assert_true(client_has(&asked, "Connection: close\r\n"));
    client_say(&half, HOST "\r\n");
    client_await_close(&half);
    assert_string_equal(client_statuses(&half, false), "200");
    client_read(&works);
    assert_false(works.is_closed);
    peer_answer(p, 200, "late");
    client_await_close(&works);
    assert_string_equal(client_statuses(&works, false), "200");
    client_done(&idle);
    client_done(&works);
    client_done(&half);
    assert_int_equal(calls, 0);
    client_done(&asked);
    peer_turn(p);
    peer_turn(p);
    assert_int_equal(calls, 1);
    peer_free(p);
}

static void a_drain_of_nothing_ends_at_once(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    unsigned calls = 0;
    http_server_drain(p->server, count_call, &calls);
    assert_int_equal(calls, 0);
    peer_turn(p);
    peer_turn(p);
    assert_int_equal(calls, 1);
    peer_free(p);
}

static void idle_connections_are_small(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    static struct client clients[COUNT];
    struct peer *p = peer_new(NULL);
    for (int i = 0; i < 2; i++) { /* fills the pools */
        struct client c = client_open(p);
        client_say(&c, HELLO);
        client_await(&c, 1, false);
        client_done(&c);
    }
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < COUNT; i++) {
        clients[i] = client_open(p);
        client_say(&clients[i], HELLO);
        client_await(&clients[i], 1, false);
        buf_done(&clients[i].got);
    }
    assert_int_equal(http_server_connections(p->server), COUNT);
    assert_true((mallinfo2().uordblks - before) / COUNT < 1024);
    for (int i = 0; i < COUNT; i++)
        client_done(&clients[i]);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vanished_clients_harm_nobody),
        cmocka_unit_test(caps_are_kept),
        cmocka_unit_test(missing_descriptors_do_not_spin),
        cmocka_unit_test(a_drain_answers_what_was_asked),
        cmocka_unit_test(a_drain_of_nothing_ends_at_once),
        cmocka_unit_test(idle_connections_are_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
