// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Requests that no honest client sends. Each gets one error and the connection is closed, in
 * whatever pieces it comes, and the request smuggled behind it is never seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/lib/http_peer.h"

#include <stdio.h>
#include <string.h>

#define RAW(text) text, sizeof(text) - 1
#define HOST      "Host: h\r\n"
#define CHUNKED   "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
#define SMUGGLED  "GET /smuggled HTTP/1.1\r\n" HOST "\r\n"

struct refusal {
    int status;
    const char *raw;
    size_t bytes;
};

static const struct refusal framing[] = {
    /* two lengths, even equal ones, and lists of them */
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 44\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\ncontent-length: 9\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3,\r\n\r\nabc")},
    /* not a number */
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: \r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: -3\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3 3\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3a\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3.0\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551619\r\n\r\nabc")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1000000000000000000\r\n\r\n")},
    /* both framings, in both orders, both spellings */
    {400,
     RAW("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
         "0\r\n\r\n")},
    {400,
     RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
         "0\r\n\r\n")},
    {400,
     RAW("POST /echo HTTP/1.1\r\n" HOST "tRANSFER-eNCODING: CHUNKED\r\ncONTENT-lENGTH: 0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\nContent-Length: 3\r\n"
              "\r\nabc")},
    /* codings */
    {501, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n")},
    {501, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")},
    {400,
     RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n")},
    {400,
     RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n")},
    {501, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: \r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
              "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")},
    {400, RAW("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n")},
    /* bodies where none belongs */
    {400, RAW("GET /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc")},
    {400, RAW("GET /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {400, RAW("HEAD /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {400, RAW("HEAD /echo HTTP/1.1\r\n" HOST "Content-Length: 36\r\n\r\n")},
};

static const struct refusal lines[] = {
    /* Host */
    {400, RAW("GET / HTTP/1.1\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost:\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n")},
    {400, RAW("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: http://a\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: a:80x\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: ::1\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: \xc3\xa4\r\n\r\n")},
    {400, RAW("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n")},
    {400, RAW("GET http://a/ HTTP/1.1\r\nHost: ab\r\n\r\n")},
    {400, RAW("GET http://ab/ HTTP/1.1\r\nHost: a\r\n\r\n")},
    {400, RAW("GET http://a/ HTTP/1.1\r\nHost: a.evil\r\n\r\n")},
    {400, RAW("GET http://a/ HTTP/1.1\r\nHost: a:80\r\n\r\n")},
    {400, RAW("GET http://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n")},
    {400, RAW("GET http://a:80/ HTTP/1.1\r\nHost: a:8\r\n\r\n")},
    {400, RAW("GET http://[::1]/ HTTP/1.1\r\nHost: [::11]\r\n\r\n")},
    /* line ends, folding, control characters */
    {400, RAW("GET / HTTP/1.1\nHost: h\n\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\n\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA: b\rC: d\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\n\rA: b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\n Host: h\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA: \0b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA\0: b\r\n\r\n")},
    {400, RAW("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA: \x01\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA: \x7f\r\n\r\n")},
    {400, RAW("\x16\x03\x01\x02\x00\x01\x00\x01")},
    /* names */
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost : h\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA b: c\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\nA(b): c\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\n\xc3\xa4: c\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1\r\nHost: h\r\n\"a\": c\r\n\r\n")},
    /* the request line */
    {400, RAW("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW(" GET / HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET  / HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET /  HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET / HTTP/1.1 \r\nHost: h\r\n\r\n")},
    {400, RAW("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET / a HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET /\r\n\r\n")},
    {400, RAW("GET\r\n\r\n")},
    {400, RAW("GET  HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("G\"T / HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET / http/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET / HTTP/1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET / HTTP/1.10\r\nHost: h\r\n\r\n")},
    {400, RAW("GET / HTTP/1,1\r\nHost: h\r\n\r\n")},
    {505, RAW("GET / HTTP/1.2\r\nHost: h\r\n\r\n")},
    {505, RAW("GET / HTTP/2.0\r\nHost: h\r\n\r\n")},
    {505, RAW("GET / HTTP/0.9\r\nHost: h\r\n\r\n")},
    {505, RAW("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
    {501, RAW("CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n")},
    {501, RAW("NONSENSE / HTTP/1.1\r\nHost: h\r\n\r\n")},
    {501, RAW("get / HTTP/1.1\r\nHost: h\r\n\r\n")},
    {417, RAW("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\n")},
    /* the target */
    {400, RAW("GET * HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET x HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n")},
    {400, RAW("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET /#x HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n")},
    {400, RAW("OPTIONS *x HTTP/1.1\r\nHost: h\r\n\r\n")},
};

static const struct refusal chunks[] = {
    {400, RAW(CHUNKED "x\r\n\r\n")},
    {400, RAW(CHUNKED "\r\n\r\n")},
    {400, RAW(CHUNKED "-1\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "0x1\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1 \r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED " 1\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1 ;x\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1\r\na\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1\r\nab\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "2\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1\ra\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1;a\rb\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1;a\nb\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "1;\0\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "000000001\r\na\r\n0\r\n\r\n")},
    {400, RAW(CHUNKED "10000000000000001\r\na\r\n0\r\n\r\n")},
    {413, RAW(CHUNKED "ffffffff\r\na")},
    {413, RAW(CHUNKED "10001\r\na")},
    {400, RAW(CHUNKED "0\r\n\n")},
    {400, RAW(CHUNKED "0\r\n x: y\r\n\r\n")},
    {400, RAW(CHUNKED "0\r\nnonsense\r\n\r\n")},
    {400, RAW(CHUNKED "0\r\na : y\r\n\r\n")},
    {400, RAW(CHUNKED "0\r\na: y\n\r\n")},
    {400, RAW(CHUNKED "0\r\na: \0\r\n\r\n")},
};

enum pieces { WHOLE, BYTES, HALVES };

static void send_in(struct client *c, const struct refusal *r, enum pieces pieces)
{
    size_t first = pieces == WHOLE ? r->bytes : pieces == BYTES ? 1 : r->bytes / 2;
    size_t step = pieces == BYTES ? 1 : r->bytes;
    client_send(c, r->raw, first);
    for (size_t at = first; at < r->bytes; at += step)
        client_send(c, r->raw + at, step < r->bytes - at ? step : r->bytes - at);
    client_say(c, SMUGGLED);
}

static void check(const struct refusal *r, enum pieces pieces)
{
    char expected[8];
    struct peer *p = peer_new(NULL);
    struct client c = client_open(p);
    snprintf(expected, sizeof(expected), "%d", r->status);
    send_in(&c, r, pieces);
    client_await(&c, 1, strncmp(r->raw, "HEAD", 4) == 0);
    client_await_close(&c);
    client_shut(&c);
    peer_turn(p);
    bool is_right = strcmp(client_statuses(&c, strncmp(r->raw, "HEAD", 4) == 0), expected) == 0 &&
                    client_has(&c, "Connection: close\r\n") && !strstr(p->seen, "/smuggled") &&
                    p->requests == 0 && p->replies == 1 && p->last_status == r->status &&
                    http_server_connections(p->server) == 0;
    if (!is_right)
        fail_msg("%s\nanswered, in pieces %d: %s", r->raw, (int)pieces, c.got.data);
    client_done(&c);
    peer_free(p);
}

static void check_all(const struct refusal *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (enum pieces pieces = WHOLE; pieces <= HALVES; pieces++)
            check(&table[i], pieces);
}

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static void wrong_framing_is_refused(void **state)
{
    (void)state;
    check_all(framing, COUNT(framing));
}

static void wrong_lines_are_refused(void **state)
{
    (void)state;
    check_all(lines, COUNT(lines));
}

static void wrong_chunks_are_refused(void **state)
{
    (void)state;
    check_all(chunks, COUNT(chunks));
}

/* What was asked before the wrong request is answered, what comes after it is not. */
static void order_is_kept_before_a_refusal(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    struct client c = client_open(p);
    client_say(&c, "GET /a HTTP/1.1\r\n" HOST "\r\n"
                   "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n1"
                   "GET /b HTTP/1.1\r\n\r\n" SMUGGLED);
    client_await(&c, 3, false);
    client_shut(&c);
    client_await_close(&c);
    assert_string_equal(client_statuses(&c, false), "200 200 400");
    assert_string_equal(p->seen, "/a /echo ");
    client_done(&c);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_framing_is_refused),
        cmocka_unit_test(wrong_lines_are_refused),
        cmocka_unit_test(wrong_chunks_are_refused),
        cmocka_unit_test(order_is_kept_before_a_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
