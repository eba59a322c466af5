// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_their_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
