// SPDX-License-Identifier: GPL-3.0-or-later
/* No reader looks behind the end of what it is given: of texts, and of all beginnings of them. */
#include "unit/lib/fence.h"

#include "base/clock.h"
#include "base/json/json_quick.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/uuid.h"
#include "decide/question.h"
#include "engine/ingest/ingest_record.h"
#include "io/http/http_chunked.h"
#include "io/http/http_head.h"
#include "io/net/ip.h"
#include "model/bucket.h"
#include "model/condition/version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct snapshot *snapshot;

static int set_up(void **state)
{
    (void)state;
    char document[] = "{\"id\":1,\"key\":\"e\",\"is_panic\":false,\"currency\":\"EUR\","
                      "\"origins\":[],\"allows_html\":false,\"tracking\":[],\"keys\":[],"
                      "\"flags\":[],\"layers\":[],\"campaigns\":[]}";
    struct fault fault;
    snapshot = snapshot_compile(1, document, strlen(document), &fault);
    return snapshot ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    snapshot_unref(snapshot);
    return 0;
}

typedef void reader_fn(char *text, size_t length);

static void read_beginnings(const char *text, size_t length, reader_fn *reader)
{
    for (size_t n = 0; n <= length; n++)
        reader(fence_copy(text, n), n);
}

static void read_json(char *text, size_t length)
{
    static const struct json_limits limits = {.bytes = 4096, .depth = 8, .nodes = 100};
    static const struct json_limits capped = {
        .bytes = 4096, .depth = 8, .nodes = 100, .caps_numbers = true};
    char copy[4096];
    struct fault fault;
    bool is_repaired;
    memcpy(copy, text, length);
    json_decref(json_quick_read(text, length, &limits));
    json_decref(json_parse(text, length, &limits, NULL, &fault));
    memcpy(text, copy, length);
    json_decref(json_parse(text, length, &capped, &is_repaired, &fault));
}

static void json(void **state)
{
    (void)state;
    char digits[1000];
    static const char *const texts[] = {
        "[true,false,null,12345678,-12345.678e12,\"text\",{\"key\":[1]}]",
        "[99999999999999999999,-99999999999999999999,1e309,123456789e999]",
        "[\"\\ud834\\udd1e\\ud834\\u0041\\n\xc3\xa9\xf0\x9d\x84\x9e\",0.00001234567]",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        read_beginnings(texts[i], strlen(texts[i]), read_json);
    memset(digits, '1', sizeof(digits));
    read_beginnings(digits, sizeof(digits), read_json);
    digits[1] = '.';
    read_beginnings(digits, sizeof(digits), read_json);
}

static void read_question(char *text, size_t length)
{
    struct question question;
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    if (question_read(&question, arena, snapshot, text, length, &fault))
        assert_true(fault.detail[0]);
    question_done(&question);
}

static void questions(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"visitor_id\":\"v\xc3\xa9\",\"attributes\":{\"a\":1.5,\"b\":[true]},"
        "\"campaigns\":[\"c\"]}",
        "{\"visitor_id\":\"\\u0041\",\"attributes\":{\"a\":99999999999999999999}}",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        read_beginnings(texts[i], strlen(texts[i]), read_question);
}

static void read_head(char *text, size_t length)
{
    struct http_head head;
    http_head_init(&head);
    if (http_head_read(&head, text, length, 4096) == HTTP_DONE)
        assert_true(head.bytes <= length);
}

static void heads(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\r\nGET /a%20b?c=d HTTP/1.1\r\nHost: h:80\r\nConnection: close, x\r\nX:\r\n\r\n",
        "POST http://h?x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: gzip, chunke\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 123\r\nExpect: 100-continue\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        read_beginnings(texts[i], strlen(texts[i]), read_head);
}

static void read_chunks(char *text, size_t length)
{
    struct http_chunked chunked = {0};
    auto_buf struct buf body = {0};
    size_t used;
    (void)http_chunked_read(&chunked, text, length, 100, &body, &used);
    assert_true(used <= length);
}

static void read_words(char *text, size_t length)
{
    struct ip ip;
    struct uuid uuid;
    int64_t us;
    char padded[256];
    (void)ip_parse(text, length, &ip);
    (void)uuid_parse(text, length, &uuid);
    (void)clock_parse(text, length, &us);
    (void)text_is_utf8(text, length);
    (void)text_is_id(text, length);
    (void)version_pad(text, length, padded, sizeof(padded));
    (void)bucket_fnv1a(text, length);
}

static void words(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[2001:db8::1]:8080",
        "192.0.2.1:80",
        "01890a5d-ac96-774b-bcce-b302099a8057",
        "2024-02-29T23:59:59.123456+01:00",
        "v1.2.3-rc.1+build\xe2\x80\xa8",
        "\xc2\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\xc2",
    };
    static const char chunks[] = "4;x=y\r\nabcd\r\n0\r\nname: value\r\n\r\n";
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        read_beginnings(texts[i], strlen(texts[i]), read_words);
    read_beginnings(chunks, sizeof(chunks) - 1, read_chunks);
}

static void read_record(char *text, size_t length)
{
    auto_arena struct arena *arena = arena_new(0);
    size_t count;
    (void)ingest_record_read(arena, text, length, &count);
}

static void records(void **state)
{
    (void)state;
    static const struct visitor_event event = {
        .visitor_id = "v", .name = "page_view", .properties = "{\"a\":1}", .properties_length = 7};
    struct ingest_request request = {.environment_id = 7, .events = &event};
    const struct ingest_row row = {.request = &request};
    auto_buf struct buf bytes = {0};
    ingest_record_add(&bytes, &row);
    ingest_record_add(&bytes, &row);
    read_beginnings(bytes.data, bytes.length, read_record);
}

int main(void)
{
    json_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json),  cmocka_unit_test(questions), cmocka_unit_test(heads),
        cmocka_unit_test(words), cmocka_unit_test(records),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
