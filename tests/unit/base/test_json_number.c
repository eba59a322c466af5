// SPDX-License-Identifier: GPL-3.0-or-later
/* Whole numbers of any length: exact as far as 64 bits reach, else the double. */
#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct json_limits limits = {.bytes = 4096, .depth = 4, .nodes = 100};

static json_t *parse(const char *before, const char *number, const char *behind)
{
    char text[1024];
    struct fault fault;
    int n = snprintf(text, sizeof(text), "%s%s%s", before, number, behind);
    return json_parse(text, (size_t)n, &limits, NULL, &fault);
}

static void test_exact(void **state)
{
    (void)state;
    static const char *const rows[] = {"0", "-1", "999999999999999999", "9223372036854775807",
                                       "-9223372036854775808"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        auto_json json_t *list = parse("[", rows[i], "]");
        json_t *value = json_array_get(list, 0);
        assert_true(json_is_integer(value));
        assert_int_equal(json_integer_value(value), strtoll(rows[i], NULL, 10));
    }
}

static void test_beyond(void **state)
{
    (void)state;
    char long_one[310] = "1";
    memset(long_one + 1, '0', 308);
    const char *const rows[] = {"9223372036854775808",
                                "-9223372036854775809",
                                "18446744073709552000",
                                "10000000000000000000",
                                "-99999999999999999999",
                                "123456789012345680000",
                                long_one};
    static const char *const places[][2] = {
        {"[", "]"}, {"[", ",1]"}, {"[ ", " ]"}, {"[", "\n,{\"a\":2}]"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (size_t j = 0; j < sizeof(places) / sizeof(places[0]); j++) {
            auto_json json_t *list = parse(places[j][0], rows[i], places[j][1]);
            json_t *value = json_array_get(list, 0);
            assert_true(json_is_real(value));
            assert_true(json_real_value(value) == strtod(rows[i], NULL));
        }
}

static void test_the_text_of_a_string_stays(void **state)
{
    (void)state;
    auto_json json_t *list = parse("[\"", "99999999999999999999", "\"]");
    assert_string_equal(json_string_value(json_array_get(list, 0)), "99999999999999999999");
    auto_json json_t *object = parse("{\"", "99999999999999999999", "\":1}");
    assert_non_null(json_object_get(object, "99999999999999999999"));
}

static void test_fractions_are_left_alone(void **state)
{
    (void)state;
    static const char *const rows[] = {"12345678901234567890.5", "12345678901234567890e2",
                                       "0.12345678901234567890123", "1E2"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        auto_json json_t *list = parse("[", rows[i], "]");
        assert_true(json_real_value(json_array_get(list, 0)) == strtod(rows[i], NULL));
    }
}

static void test_refused(void **state)
{
    (void)state;
    char long_one[401] = "";
    memset(long_one, '9', 400);
    const char *const rows[] = {"00000000000000000000001", "99999999999999999999x",
                                "--99999999999999999999", "1e400", long_one};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_null(parse("[", rows[i], "]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_beyond),
        cmocka_unit_test(test_the_text_of_a_string_stays),
        cmocka_unit_test(test_fractions_are_left_alone),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
