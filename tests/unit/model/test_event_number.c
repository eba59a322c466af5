// SPDX-License-Identifier: GPL-3.0-or-later
/* Numbers as they stand in a body: which of them an event may hold, wherever in it they are. */
#include "model/event/event_number.h"

#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct json_limits limits = {
    .bytes = 8192, .depth = 16, .nodes = 100, .caps_numbers = true};

/* The number in the place of the first '%'. */
static json_t *parse(const char *text, const char *number)
{
    char whole[4096];
    struct fault fault;
    int before = (int)strcspn(text, "%");
    int n = snprintf(whole, sizeof(whole), "%.*s%s%s", before, text, number,
                     text[before] ? text + before + 1 : "");
    return json_parse(whole, (size_t)n, &limits, NULL, &fault);
}

static char digits_19[] = "1234567890123456789", digits_400[401], digits_600[601], tiny_600[601];

static const struct {
    const char *number;
    bool is_taken;
} cases[] = {
    {"0", true},
    {"-0", true},
    {"-0.0", true},
    {"7", true},
    {"0.1", true},
    {"1e-400", true},
    {"1e15", true},
    {"-1e15", true},
    {"1000000000000000", true},
    {"-1000000000000000", true},
    {"999999999999999.9", true},
    {"1000000000000001", false},
    {"-1000000000000001", false},
    {"1000000000000000.5", false},
    {"1.0000000000000002e15", false},
    {"1e16", false},
    {"1e30", false},
    {"-1e30", false},
    {"1e300", false},
    {"9223372036854775807", false},
    {"9223372036854775808", false},
    {"-9223372036854775809", false},
    {"1e309", false},
    {"1e400", false},
    {"-1e400", false},
    {"1E+99999999999999999999", false},
    {digits_19, false},
    {digits_400, false},
    {digits_600, false},
    {tiny_600, false}, /* of more characters than a number has */
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static const struct {
    const char *text, *pointer;
} places[] = {
    {"{\"n\":%}", "/p/n"},
    {"{\"a\":1,\"n\":% ,\"b\":\"x\"}", "/p/n"},
    {"{\"items\":[{\"quantity\":1},{\"quantity\":%}]}", "/p/items/1/quantity"},
    {"{\"a\":[[1,[2,%]]]}", "/p/a/0/1/1"},
    {"{\"a/b\":{\"c~\":%}}", "/p/a~1b/c~0"},
    {"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":%}}}}}}"
     "}}}}}}",
     "/p/a/a/a/a/a/a/a/a/a/a/a/a"},
    {"{\"a\":{\"transaction_id\":%}}", "/p/a/transaction_id"},
};

static void test_cases_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++)
        for (size_t j = 0; j < sizeof(places) / sizeof(places[0]); j++) {
            struct fault fault = {0};
            auto_json json_t *properties = parse(places[j].text, cases[i].number);
            assert_non_null(properties);
            enum err e = event_numbers_check(properties, "/p", &fault);
            assert_int_equal(e, cases[i].is_taken ? ERR_OK : ERR_INVALID);
            if (e)
                assert_string_equal(fault.pointer, places[j].pointer);
        }
}

static void test_texts_are_no_numbers(void **state)
{
    (void)state;
    static const char *const texts[] = {"{\"a\":\"1e400\",\"b\":[\"9223372036854775808\"]}",
                                        "{\"NaN\":\"NaN\",\"1e30\":null,\"c\":true}", "{}"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        auto_json json_t *properties = parse(texts[i], "");
        assert_int_equal(event_numbers_check(properties, "/p", NULL), ERR_OK);
    }
}

/* An order's number is a name; half of one, or one that 64 bits cannot hold, is none. */
static void test_transaction_id(void **state)
{
    (void)state;
    struct fault fault;
    auto_json json_t *order = parse("{\"transaction_id\":%}", digits_19);
    assert_int_equal(event_numbers_check(order, "/p", &fault), ERR_OK);
    auto_json json_t *large = parse("{\"transaction_id\":%}", "1e30");
    assert_int_equal(event_numbers_check(large, "/p", &fault), ERR_INVALID);
    auto_json json_t *both = parse("{\"transaction_id\":1234567890123456789,\"n\":%}", "1e30");
    assert_int_equal(event_numbers_check(both, "/p", &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, "/p/n");
}

/* Capping a number never makes a text of one that is not JSON. */
static void test_what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"1e999x", "01e999",  "1.e999", "1e999.5", ".1e999",  "1e",
                                        "+1e999", "1e9-999", "-",      "NaN",     "Infinity"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_null(parse("{\"n\":%}", texts[i]));
}

static int setup(void **state)
{
    (void)state;
    memset(digits_400, '9', sizeof(digits_400) - 1);
    memset(digits_600, '9', sizeof(digits_600) - 1);
    memset(tiny_600, '0', sizeof(tiny_600) - 1);
    tiny_600[1] = '.';
    tiny_600[sizeof(tiny_600) - 2] = '1';
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases_everywhere),
        cmocka_unit_test(test_texts_are_no_numbers),
        cmocka_unit_test(test_transaction_id),
        cmocka_unit_test(test_what_is_no_number_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
