// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The two readers of a request head, each without the other's help: what the scan refuses before
 * llhttp sees a byte, what the rules refuse in fields that llhttp let pass, and that both find the
 * same fields in every head that only one of them reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/http/http_head.h"
#include "unit/lib/head_agree.h"

#include <stdlib.h>
#include <string.h>

#define RAW(text) text, sizeof(text) - 1

static void the_scan_refuses_by_itself(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        size_t bytes;
        const char *word; /* of the sentence */
    } wrong[] = {
        {RAW("GET / HTTP/1.1\r\n a: b\r\n"), "white space"},
        {RAW("GET / HTTP/1.1\r\nHost: h\r\n\tb\r\n"), "white space"},
        {RAW("GET / HTTP/1.1\r\nHost: \0"), "control character"},
        {RAW("GET / HTTP/1.1\r\nHost: \x1f"), "control character"},
        {RAW("GET / HTTP/1.1\r\nHost: \x7f"), "control character"},
        {RAW("GET / HTTP/1.1\r\nHost: h\n"), "LF without CR"},
        {RAW("\n"), "LF without CR"},
        {RAW("GET / HTTP/1.1\r\nHost: h\rx"), "not followed by LF"},
        {RAW("GET / HTTP/1.1\r\nHost: h\r\r"), "not followed by LF"},
        {RAW("GET  / HTTP/1.1\r\n"), "request line"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct http_head h;
        char bytes[256];
        memcpy(bytes, wrong[i].raw, wrong[i].bytes);
        http_head_init(&h);
        assert_int_equal(http_head_read(&h, bytes, wrong[i].bytes, 4096), HTTP_BAD);
        assert_int_equal(h.status, 400);
        if (!strstr(h.detail, wrong[i].word))
            fail_msg("no \"%s\" in: %s", wrong[i].word, h.detail);
    }
}

/* Puts "name:value\r\n…" behind a request line into 'bytes' and notes the fields, as llhttp would.
 */
static void write_fields(struct http_head *h, char bytes[512], const char *fields)
{
    static const char line[] = "POST / HTTP/1.1\r\n";
    strcpy(bytes, line);
    strcat(bytes, fields);
    http_head_init(h);
    assert_int_equal(http_target_read(h, line, sizeof(line) - 3), HTTP_MORE);
    for (char *at = bytes + sizeof(line) - 1; *at; at = strstr(at, "\r\n") + 2) {
        uint32_t name = (uint32_t)(at - bytes);
        uint16_t name_bytes = (uint16_t)strcspn(at, ":");
        h->fields[h->field_count++] =
            (struct http_field){.name = name,
                                .name_bytes = name_bytes,
                                .value = name + name_bytes + 1,
                                .value_bytes = (uint32_t)strcspn(at + name_bytes + 1, "\r"),
                                .has_value = true};
    }
}

static void the_rules_refuse_by_themselves(void **state)
{
    (void)state;
    static const struct {
        const char *fields;
        int status;
        const char *word;
    } wrong[] = {
        {"Host: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n", 400, "more than one Content-L"},
        {"Host: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400,
         "more than one Transfer-E"},
        {"Host: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n", 400, "both"},
        {"Host: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400, "both"},
        {"Host: h\r\nTransfer-Encoding: chunked, chunked\r\n", 400, "nothing else"},
        {"Host: h\r\nTransfer-Encoding: gzip\r\n", 501, "chunked"},
        {"Host: h\r\nContent-Length: 3,3\r\n", 400, "not a number"},
        {"Host: h\r\nContent-Length: 99999999999999999999\r\n", 400, "not a number"},
        {"Host: h\r\nHost: h\r\n", 400, "more than one Host"},
        {"Accept: a\r\n", 400, "no Host"},
        {"Host: h\r\nA : b\r\n", 400, "not a token"},
        {"Host: h\r\n: b\r\n", 400, "colon"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct http_head h;
        char bytes[512];
        write_fields(&h, bytes, wrong[i].fields);
        assert_int_equal(http_head_check(&h, bytes), HTTP_BAD);
        assert_int_equal(h.status, wrong[i].status);
        if (!strstr(h.detail, wrong[i].word))
            fail_msg("no \"%s\" in: %s", wrong[i].word, h.detail);
    }
}

static void what_is_right_passes_the_rules(void **state)
{
    (void)state;
    struct http_head h;
    char bytes[512];
    write_fields(&h, bytes, "Host: h\r\nContent-Length: 999999999999999999\r\nX-A:\t b \r\n");
    assert_int_equal(http_head_check(&h, bytes), HTTP_DONE);
    assert_int_equal(h.content_length, INT64_C(999999999999999999));
    assert_true(h.is_keep_alive);
    assert_string_equal(bytes + h.fields[2].name, "x-a");
    assert_string_equal(bytes + h.fields[2].value, "b");
    write_fields(&h, bytes, "Host: h\r\nTransfer-Encoding: CHUNKED\r\nConnection: close\r\n");
    assert_int_equal(http_head_check(&h, bytes), HTTP_DONE);
    assert_true(h.is_chunked);
    assert_false(h.is_keep_alive);
}

static const char *const heads[] = {
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "\r\nPOST /v1/decide?a=b HTTP/1.1\r\nHost: shop.example:8080\r\nAuthorization: Bearer x:y\r\n"
    "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n",
    "PUT /a HTTP/1.0\r\nhost:h\r\nX-Empty:\r\nX-Blank: \t \r\nCookie: a=b; c=\"d\" \r\n\r\n",
    "DELETE /%C3%BC HTTP/1.1\r\nHOST:\th\t\r\nConnection: keep-alive, close\r\nX: "
    "\xc3\xbc\xff\r\n\r\n",
    "OPTIONS /a HTTP/1.1\r\nHost: h\r\nOrigin: https://x.example\r\nExpect: 100-continue\r\n\r\n",
    "PATCH /a HTTP/1.1\r\nHost: [::1]\r\n!#$%&'*+-.^_`|~: v\r\nA: :b:\r\nA: second\r\n\r\n",
};

static void both_readers_find_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        if (!head_agrees(heads[i], strlen(heads[i])))
            fail_msg("not read: %s", heads[i]);
    /* llhttp stays the judge of what is not plain */
    static const char *const others[] = {"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\n\r\n",
                                         "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(head_agrees(others[i], strlen(others[i])));
}

static void both_readers_find_the_same_in_broken_heads(void **state)
{
    (void)state;
    static const char bytes[] = " \t\r\n:;,/?#\"%\x7f\x80\xff_AZaz09@[]()\\";
    int agreed = 0;
    srandom(11);
    for (int i = 0; i < 300000; i++) {
        char head[256];
        size_t length = strlen(heads[i % 6]);
        memcpy(head, heads[i % 6], length);
        for (long k = random() % 3; k >= 0; k--)
            head[(size_t)random() % length] = bytes[(size_t)random() % (sizeof(bytes) - 1)];
        agreed += head_agrees(head, length);
    }
    assert_true(agreed > 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scan_refuses_by_itself),
        cmocka_unit_test(the_rules_refuse_by_themselves),
        cmocka_unit_test(what_is_right_passes_the_rules),
        cmocka_unit_test(both_readers_find_the_same),
        cmocka_unit_test(both_readers_find_the_same_in_broken_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
