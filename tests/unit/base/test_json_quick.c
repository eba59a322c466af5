// SPDX-License-Identifier: GPL-3.0-or-later
/* What the quick reader reads, jansson reads the same; what is wrong, it leaves alone. */
#include "base/json/json_quick.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct json_limits wide = {.bytes = 1000000, .depth = 1000, .nodes = 1000000};

#define FLAGS (JSON_REJECT_DUPLICATES | JSON_DECODE_ANY)

/* Whether it was read; then it is what jansson reads. */
static bool reads(const char *text, size_t length)
{
    json_error_t error;
    json_t *quick = json_quick_read(text, length, &wide);
    json_t *whole = json_loadb(text, length, FLAGS, &error);
    if (quick && (!whole || !json_equal(quick, whole)))
        fail_msg("read differently: %s", text);
    bool was_read = quick != NULL;
    json_decref(quick);
    json_decref(whole);
    return was_read;
}

static void test_simple_texts_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "[]",
        " [ ] ",
        "0",
        "7",
        "-7",
        "123456789012345",
        "0.5",
        "-0.25",
        "19.99",
        "1.0",
        "99999999999999.9",
        "1.234567890123456",
        "-0.333333333333333333",
        "123456789012345.6789",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a b\"",
        "\"\xc3\xa9\"",
        "{\"\xf0\x9f\x98\x80\":\"\x7f\"}",
        "[1,2,3]",
        "[[],{}]",
        "{\"visitor_id\":\"v\",\"attributes\":{\"country\":\"DE\",\"age\":34,\"x\":[1.5,null]}}",
        "\t{ \"a\" : 1 ,\r\n \"b\" : [ true , false ] }\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!reads(texts[i], strlen(texts[i])))
            fail_msg("not read: %s", texts[i]);
}

static void test_others_are_left_alone(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1}x",
        "01",
        "-01",
        "-",
        "-0",
        "-0.0",
        "1.",
        ".5",
        "1.5.5",
        "1e5",
        "1E5",
        "+1",
        "1234567890123456",
        "1.2345678901234567890",
        "truth",
        "nul",
        "\"a",
        "\"\\n\"",
        "\"\x01\"",
        "\"\xff\"",
        "\"\xc3\"",
        "\"\xed\xa0\x80\"",
        "\"\xc0\x80\"",
        "{\"\\u0061\":1}",
        "'a'",
        "1-2",
        "NaN",
        "[1]]",
        "{}{}",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (reads(texts[i], strlen(texts[i])))
            fail_msg("read: %s", texts[i]);
    assert_false(reads("\"a\0b\"", 5));
    assert_false(reads("1\0", 2));
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    char text[200000];
    memset(text, '[', sizeof(text));
    assert_false(reads(text, sizeof(text)));
    memset(text + 16, ']', 16);
    assert_true(reads(text, 32));
}

/* What the limits refuse, they refuse here too: then json_parse says which. */
static void test_limits(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,2,[3]],\"b\":{}}";
    for (unsigned depth = 1; depth < 6; depth++)
        for (unsigned nodes = 1; nodes < 12; nodes++)
            for (size_t bytes = sizeof(text) - 3; bytes < sizeof(text) + 1; bytes++) {
                const struct json_limits limits = {.bytes = bytes, .depth = depth, .nodes = nodes};
                json_t *quick = json_quick_read(text, sizeof(text) - 1, &limits);
                assert_int_equal(quick != NULL,
                                 bytes >= sizeof(text) - 1 && depth >= 3 && nodes >= 8);
                json_decref(quick);
            }
}

static void add_random(struct buf *b, unsigned depth)
{
    static const char *const leaves[] = {"1",    "-2",   "3.25",  "0.1",     "1e3",
                                         "true", "null", "\"x\"", "\"\\t\"", "12345678901234567"};
    long kind = random() % (depth < 4 ? 4 : 2);
    if (kind < 2) {
        buf_add_str(b, leaves[random() % 10]);
        return;
    }
    buf_add_char(b, kind == 2 ? '[' : '{');
    for (long i = 0, n = random() % 4; i < n; i++) {
        if (i > 0)
            buf_add_char(b, ',');
        if (kind == 3)
            buf_printf(b, "\"k%ld\":", random() % 6);
        add_random(b, depth + 1);
    }
    buf_add_char(b, kind == 2 ? ']' : '}');
}

/* Whole, cut short, and with one byte changed. */
static void test_random_texts(void **state)
{
    (void)state;
    srandom(7);
    int read_count = 0;
    for (int i = 0; i < 50000; i++) {
        auto_buf struct buf b = {0};
        add_random(&b, 0);
        read_count += reads(b.data, b.length);
        reads(b.data, (size_t)random() % (b.length + 1));
        b.data[(size_t)random() % b.length] = (char)("{}[],:\"\\ 0129.-eaE\x80"[random() % 19]);
        reads(b.data, b.length);
    }
    assert_true(read_count > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simple_texts_are_read), cmocka_unit_test(test_others_are_left_alone),
        cmocka_unit_test(test_depth_is_bounded),      cmocka_unit_test(test_limits),
        cmocka_unit_test(test_random_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
