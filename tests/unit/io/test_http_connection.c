// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Requests that are right, in whatever pieces they come, and the replies to them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/lib/http_peer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define HOST "Host: h\r\n"

struct talk {
    const char *asked;
    const char *statuses;
    const char *texts[4]; /* in the replies, in this order */
};

/* Each of these leaves the connection open, or half-closes it itself. */
static const struct talk talks[] = {
    {"GET /x?a=1&q=2%2b+3 HTTP/1.1\r\n" HOST "\r\n",
     "200",
     {"GET /x|a=1&q=2%2b+3|-|2+ 3|127.0.0.1"}},
    {"\r\nGET / HTTP/1.1\r\n" HOST "\r\n", "200", {"GET /||"}},
    {"GET / HTTP/1.1\r\nhOST: example.org:8080\r\n\r\n", "200", {"GET /||"}},
    {"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "200", {"GET /||"}},
    {"GET / HTTP/1.1\r\nHost:\t h \t\r\nX-Test:   a  b\t \r\n\r\n", "200", {"|a  b|"}},
    {"GET / HTTP/1.1\r\n" HOST "X-Test: a\r\nx-other: z\r\nX-TEST:\r\nx-test: c\r\n\r\n",
     "200",
     {"|a, , c|"}},
    {"GET / HTTP/1.1\r\n" HOST "X-Test: \xc3\xa4\r\n\r\n", "200", {"|\xc3\xa4|"}},
    {"GET /x? HTTP/1.1\r\n" HOST "\r\n", "200", {"GET /x||-|-|"}},
    {"GET /x?q HTTP/1.1\r\n" HOST "\r\n", "200", {"GET /x|q|-||"}},
    {"GET /x?b&%71=7&q=8 HTTP/1.1\r\n" HOST "\r\n", "200", {"|-|7|"}},
    {"GET /x?q=%zz HTTP/1.1\r\n" HOST "\r\n", "200", {"|invalid|"}},
    {"GET /x?q=%4 HTTP/1.1\r\n" HOST "\r\n", "200", {"|invalid|"}},
    {"GET /x?q=%00 HTTP/1.1\r\n" HOST "\r\n", "200", {"|invalid|"}},
    {"GET /x?q=%ff HTTP/1.1\r\n" HOST "\r\n", "200", {"|invalid|"}},
    {"GET /x?q={|}^ HTTP/1.1\r\n" HOST "\r\n", "200", {"|{|}^|"}},
    {"GET http://h/x?q=1 HTTP/1.1\r\n" HOST "\r\n", "200", {"GET /x|q=1|"}},
    {"GET HTTP://H HTTP/1.1\r\n" HOST "\r\n", "200", {"GET /||"}},
    {"GET https://h?q=1 HTTP/1.1\r\n" HOST "\r\n", "200", {"GET /|q=1|"}},
    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "200", {"OPTIONS *||"}},
    {"OPTIONS /x HTTP/1.1\r\n" HOST "\r\n", "200", {"OPTIONS /x||"}},
    {"PUT /x HTTP/1.1\r\n" HOST "\r\n", "200", {"PUT /x||"}},
    {"PATCH /x HTTP/1.1\r\n" HOST "\r\n", "200", {"PATCH /x||"}},
    {"DELETE /x HTTP/1.1\r\n" HOST "\r\n", "200", {"DELETE /x||"}},
    {"TRACE /x HTTP/1.1\r\n" HOST "\r\n", "200", {"OTHER /x||"}},
    {"GET /empty HTTP/1.1\r\n" HOST "\r\n", "204", {"HTTP/1.1 204 No Content\r\n"}},
    {"GET /same HTTP/1.1\r\n" HOST "\r\n", "304", {"HTTP/1.1 304 Not Modified\r\n"}},
    {"GET /no HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n",
     "401 200",
     {"WWW-Authenticate: Bearer\r\n", "no", "GET /||"}},
    {"GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "200", {"GET /||"}},
    {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "200", {"Content-Length: 0\r\n"}},
    {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhallo", "200", {"\r\n\r\nhallo"}},
    {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 005\r\n\r\nhallo", "200", {"\r\n\r\nhallo"}},
    {"POST /none HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "200",
     {"POST /none||"}},
    {"POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n"
     "3\r\nhal\r\n0002;a=b;c=\"d e\"\r\nlo\r\n00\r\nX-Test: t\r\nY:\r\n\r\n",
     "200",
     {"\r\n\r\nhallo"}},
    {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\none"
     "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nA\r\ntwotwotwo2\r\n0\r\n\r\n"
     "GET /three HTTP/1.1\r\n" HOST "\r\n"
     "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nfour",
     "200 200 200 200",
     {"\r\n\r\none", "\r\n\r\ntwotwotwo2", "GET /three", "\r\n\r\nfour"}},
    {"GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /b HTTP/1.1\r\n" HOST "\r\n",
     "200 200",
     {"Connection: keep-alive\r\n", "GET /a", "GET /b"}},
    {"POST /echo HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nok",
     NULL, /* with 100 or without: as the body comes later or with the head */
     {"\r\n\r\nok"}},
};

static unsigned count_words(const char *text)
{
    unsigned count = 1;
    while ((text = strchr(text, ' ')))
        count += *text++ == ' ';
    return count;
}

/* Says the first 'first' bytes at once, then pieces of 'step'. */
static void talk(struct peer *p, const struct talk *t, size_t first, size_t step)
{
    struct client c = client_open(p);
    size_t length = strlen(t->asked);
    client_send(&c, t->asked, first);
    for (size_t at = first; at < length; at += step)
        client_send(&c, t->asked + at, step < length - at ? step : length - at);
    client_await(&c, t->statuses ? count_words(t->statuses) : 1, false);
    if (t->statuses)
        assert_string_equal(client_statuses(&c, false), t->statuses);
    const char *at = c.got.data;
    for (size_t i = 0; i < 4 && t->texts[i]; i++) {
        at = strstr(at, t->texts[i]);
        if (!at)
            fail_msg("no \"%s\" in: %s", t->texts[i], c.got.data);
    }
    assert_false(c.is_closed);
    assert_int_equal(http_server_connections(p->server), 1);
    client_done(&c);
    peer_turn(p);
    assert_int_equal(http_server_connections(p->server), 0);
}

static void right_requests_are_answered(void **state)
{
    struct peer *p = *state;
    for (size_t i = 0; i < sizeof(talks) / sizeof(*talks); i++)
        talk(p, &talks[i], strlen(talks[i].asked), 1);
}

static void pieces_change_nothing(void **state)
{
    struct peer *p = *state;
    for (size_t i = 0; i < sizeof(talks) / sizeof(*talks); i++) {
        size_t length = strlen(talks[i].asked);
        talk(p, &talks[i], 1, 1);
        for (size_t first = 1; first < length; first++)
            talk(p, &talks[i], first, length);
    }
}

static void head_has_the_length_and_no_body(void **state)
{
    struct peer *p = *state;
    struct client c = client_open(p);
    client_say(&c, "HEAD /bytes?n=7 HTTP/1.1\r\n" HOST "\r\nHEAD /no HTTP/1.1\r\n" HOST "\r\n");
    client_await(&c, 2, true);
    assert_string_equal(client_statuses(&c, true), "200 401");
    assert_true(client_has(&c, "Content-Length: 7\r\n"));
    assert_int_equal(strcmp(c.got.data + c.got.length - 4, "\r\n\r\n"), 0);
    assert_false(client_has(&c, "bbb"));
    client_done(&c);
}

static void empty_replies_have_no_length(void **state)
{
    struct peer *p = *state;
    struct client c = client_open(p);
    client_say(&c, "GET /empty HTTP/1.1\r\n" HOST "\r\nGET /same HTTP/1.1\r\n" HOST "\r\n");
    client_await(&c, 2, true);
    assert_string_equal(client_statuses(&c, true), "204 304");
    assert_false(client_has(&c, "Content-Length"));
    client_done(&c);
}

/* Sends one request and expects the reply to be the connection's last. */
static void expect_last(struct peer *p, const char *asked, const char *statuses)
{
    struct client c = client_open(p);
    client_say(&c, asked);
    client_await_close(&c);
    assert_string_equal(client_statuses(&c, false), statuses);
    assert_true(client_has(&c, "Connection: close\r\n"));
    assert_false(c.is_reset);
    client_shut(&c);
    assert_int_equal(http_server_connections(p->server), 0);
    client_done(&c);
}

static void connections_end_when_asked(void **state)
{
    struct peer *p = *state;
    expect_last(p, "GET / HTTP/1.0\r\n\r\n", "200");
    expect_last(p, "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", "200");
    expect_last(p, "GET / HTTP/1.1\r\n" HOST "Connection: x , CLOSE\r\n\r\nGET / HTTP/1.1\r\n",
                "200");
    expect_last(p,
                "GET / HTTP/1.1\r\n" HOST "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"
                "GET / HTTP/1.1\r\n" HOST "\r\n",
                "200");
    /* answered before the body was there */
    expect_last(p, "POST /no HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nabc", "401");
    expect_last(p, "POST /no HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", "401");
}

static void a_body_nobody_wanted_is_skipped(void **state)
{
    struct peer *p = *state;
    struct client c = client_open(p);
    client_say(&c, "POST /no HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
                   "GET / HTTP/1.1\r\n" HOST "\r\n");
    client_await(&c, 2, false);
    assert_string_equal(client_statuses(&c, false), "401 200");
    client_done(&c);
}

static void half_closed_clients_are_answered(void **state)
{
    struct peer *p = *state;
    struct client c = client_open(p);
    client_say(&c, "GET /later HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n" HOST "\r\n");
    client_shut(&c);
    peer_answer(p, 200, "late");
    client_await_close(&c);
    assert_string_equal(client_statuses(&c, false), "200 200");
    assert_true(client_has(&c, "late"));
    assert_true(strstr(strstr(c.got.data, "late"), "Connection: close\r\n") != NULL);
    client_done(&c);

    c = client_open(p);
    client_say(&c, "GET / HTTP/1.1\r\nHos");
    client_shut(&c);
    client_await_close(&c);
    assert_string_equal(client_statuses(&c, false), "400");
    client_done(&c);

    c = client_open(p);
    client_say(&c, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nabc");
    client_shut(&c);
    client_await_close(&c);
    assert_string_equal(client_statuses(&c, false), "400");
    client_done(&c);
    assert_int_equal(http_server_connections(p->server), 0);
}

static void leave_is_given_once_and_only_for_wanted_bodies(void **state)
{
    struct peer *p = *state;
    struct client c = client_open(p);
    client_say(&c,
               "POST /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    client_await_text(&c, "HTTP/1.1 100 Continue\r\n\r\n");
    client_say(&c, "o");
    client_say(&c, "k");
    client_await(&c, 1, false);
    assert_string_equal(client_statuses(&c, false), "100 200");
    client_done(&c);
    c = client_open(p);
    client_say(&c, "POST /echo HTTP/1.1\r\n" HOST
                   "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok");
    client_await(&c, 1, false);
    assert_string_equal(client_statuses(&c, false), "200");
    client_done(&c);
    expect_last(p, "POST /no HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n",
                "401");
    expect_last(p,
                "POST /none HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n",
                "413");
    expect_last(p, "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
                "200");
}

/* 'bytes' of body with either framing, and a request behind it. */
static void echo_large(struct peer *p, size_t bytes, bool is_chunked)
{
    struct client c = client_open(p);
    struct buf asked = {0};
    buf_printf(&asked, "POST /echo HTTP/1.1\r\n" HOST "%s",
               is_chunked ? "Transfer-Encoding: chunked" : "");
    buf_printf(&asked, is_chunked ? "\r\n\r\n%zx;x=y\r\n" : "Content-Length: %zu\r\n\r\n", bytes);
    size_t at = asked.length;
    memset(buf_reserve(&asked, bytes), 'x', bytes);
    asked.length += bytes;
    asked.data[at] = '<';
    asked.data[at + bytes - 1] = '>';
    buf_add_str(&asked, is_chunked ? "\r\n0\r\n\r\n" : "");
    buf_add_str(&asked, "GET /next HTTP/1.1\r\n" HOST "\r\n");
    client_send(&c, asked.data, asked.length);
    client_await(&c, 2, false);
    assert_string_equal(client_statuses(&c, false), "200 200");
    assert_memory_equal(strstr(c.got.data, "\r\n\r\n") + 4, asked.data + at, bytes);
    assert_true(client_has(&c, "GET /next"));
    buf_done(&asked);
    client_done(&c);
}

static void bodies_of_every_size_arrive(void **state)
{
    struct peer *p = *state;
    static const size_t sizes[] = {1, 4000, 8000, 8191, 8192, 8193, 20000, 65535, 65536};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        echo_large(p, sizes[i], false);
        echo_large(p, sizes[i], true);
    }
}

static void large_replies_arrive(void **state)
{
    struct peer *p = *state;
    struct client c = client_open(p);
    client_say(&c,
               "GET /bytes?n=12000000 HTTP/1.1\r\n" HOST "\r\nGET /next HTTP/1.1\r\n" HOST "\r\n");
    client_await_text(&c, "GET /next");
    assert_string_equal(client_statuses(&c, false), "200 200");
    assert_true(c.got.length > 12000000);
    client_done(&c);
}

static void replies_carry_the_date(void **state)
{
    struct peer *p = *state;
    struct client c = client_open(p);
    char before[64], after[64];
    time_t now = time(NULL);
    strftime(before, sizeof(before), "Date: %a, %d %b %Y %T GMT\r\n", gmtime(&now));
    client_say(&c, "GET / HTTP/1.1\r\n" HOST "\r\n");
    client_await(&c, 1, false);
    now = time(NULL);
    strftime(after, sizeof(after), "Date: %a, %d %b %Y %T GMT\r\n", gmtime(&now));
    assert_true(client_has(&c, before) || client_has(&c, after));
    client_done(&c);
}

static int set_up(void **state)
{
    *state = peer_new(NULL);
    return 0;
}

static int tear_down(void **state)
{
    peer_free(*state);
    return 0;
}

#define served(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        served(right_requests_are_answered),
        served(pieces_change_nothing),
        served(head_has_the_length_and_no_body),
        served(empty_replies_have_no_length),
        served(connections_end_when_asked),
        served(a_body_nobody_wanted_is_skipped),
        served(half_closed_clients_are_answered),
        served(leave_is_given_once_and_only_for_wanted_bodies),
        served(bodies_of_every_size_arrive),
        served(large_replies_arrive),
        served(replies_carry_the_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
