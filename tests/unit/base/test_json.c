// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

static void numbers_keep_their_value(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } rows[] = {
        {"0.30000000000000000000", 0.3},    {"-12.00000000000000000000001e2", -1200},
        {"1e00000000000000000000002", 100}, {"18446744073709552000", 18446744073709552000.0},
        {"-100000000000000000000", -1e20},  {"9223372036854775807", 9223372036854775807.0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[64];
        struct fault fault = {0};
        const struct json_limits limits = {.bytes = sizeof(text), .depth = 2, .nodes = 9};
        int n = snprintf(text, sizeof(text), "[%s,\"x\"]", rows[i].text);
        auto_json json_t *value = json_parse(text, (size_t)n, &limits, NULL, &fault);
        assert_non_null(value);
        assert_true(json_number_value(json_array_get(value, 0)) == rows[i].value);
    }
}

/* Each byte of ASCII at each place of strings of some words' length, and beside another. */
static void strings_keep_their_bytes(void **state)
{
    (void)state;
    for (int c = 1; c < 0x80; c++)
        for (size_t at = 0; at < 20; at++) {
            char text[] = "a b c d e f g h i j ";
            text[at] = text[19 - at] = (char)c;
            auto_buf struct buf out = {0};
            json_add_string_n(&out, text, at + 1);
            json_error_t error;
            auto_json json_t *read = json_loadb(out.data, out.length, JSON_DECODE_ANY, &error);
            assert_int_equal(json_string_length(read), at + 1);
            assert_memory_equal(json_string_value(read), text, at + 1);
            bool is_written = strchr(out.data, c) != NULL;
            assert_int_equal(is_written, (c >= ' ' && c != '<' && c != 0x7f));
        }
}

/* What is no text, and who is told so: with 'can_repair' it is mended where that can be done. */
static const struct {
    const char *text;
    bool can_repair;
    const char *word; /* of the refusal; NULL: it is read */
} escapes[] = {
    {"\\u0041", false, NULL},
    {"\\ud83d\\ude00", false, NULL},
    {"\\ud83d", false, "lone surrogate"},
    {"\\ude00", false, "lone surrogate"},
    {"\\ud83dx", false, "lone surrogate"},
    {"\\ud83d\\u0041", false, "lone surrogate"},
    {"\\ude00\\ud83d", false, "lone surrogate"},
    {"\\ud83d", true, NULL},
    {"\\ude00\\ud83d", true, NULL},
    {"\\u0000", false, "NUL characters"},
    {"\\u0000", true, "NUL characters"},
    {"a\\u0000b", true, "NUL characters"},
};

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++) {
        char text[64];
        struct fault fault = {0};
        bool is_repaired = false;
        const struct json_limits limits = {.bytes = sizeof(text), .depth = 2, .nodes = 9};
        int n = snprintf(text, sizeof(text), "[\"%s\"]", escapes[i].text);
        auto_json json_t *value = json_parse(text, (size_t)n, &limits,
                                             escapes[i].can_repair ? &is_repaired : NULL, &fault);
        assert_int_equal(value == NULL, escapes[i].word != NULL);
        assert_true(value || strstr(fault.detail, escapes[i].word));
        assert_int_equal(is_repaired, value && escapes[i].can_repair);
    }
}

static void names_follow_what_is_there(void **state)
{
    (void)state;
    auto_buf struct buf out = {0};
    buf_add_char(&out, '{');
    json_add_name(&out, "first");
    json_add_string(&out, "");
    json_add_name(&out, "second");
    json_add_string(&out, "x");
    assert_string_equal(out.data, "{\"first\":\"\",\"second\":\"x\"");
    assert_int_equal(out.length, strlen(out.data));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_their_value),
        cmocka_unit_test(strings_keep_their_bytes),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(names_follow_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
