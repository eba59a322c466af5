// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define P5  "     "
#define P19 P5 P5 P5 "    "

static void pads(void **state)
{
    (void)state;
    static const struct {
        const char *version, *padded;
    } cases[] = {
        {"1.2.3", P19 "1-" P19 "2-" P19 "3!"},
        {"v1.2.3", P19 "1-" P19 "2-" P19 "3!"},
        {"1.2.3+build.5", P19 "1-" P19 "2-" P19 "3!"},
        {"1.02", P19 "1-" P19 "2!"},
        {"v1-rc.1+7", P19 "1 rc-" P19 "1"},
        {"123456789012345678901", "123456789012345678901!"},
        {"1..2", P19 "1--" P19 "2!"},
        {"000", P19 "0!"},
        {"", "!"},
        {"v", "!"},
        {"+1", "!"},
        {"V1", "V1!"},
        {"1a.2", "1a-" P19 "2!"},
        {"1+a\n2", "1+a\n2!"},
        {"1\n2+a", "1\n2!"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[256] = {0};
        size_t n = version_pad(cases[i].version, strlen(cases[i].version), out, sizeof(out) - 1);
        assert_int_equal(n, strlen(cases[i].padded));
        assert_string_equal(out, cases[i].padded);
    }
}

static void sorts(void **state)
{
    (void)state;
    static const char *const ascending[] = {
        "0.9.9",      "1.0.0-alpha",  "1.0.0-alpha.1",
        "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
        "1.0.0-rc.1", "1.0.0",        "1.0.1",
        "1.2.0",      "1.10.0",       "2.0.0",
        "2.0.0.1-rc", "2.0.0.1",      "2.0.0.9",
        "2.0.0.10",   "2.0.0.10.1",   "2.0.1",
        "2.0.99999",  "2.0.100000",   "2.0.9999999",
        "2.1",        "2.1.20240131", "10.0.0",
        "11-rc",      "11",           "11.0",
        "99999",      "100000",       "20240131235959",
    };
    for (size_t i = 1; i < sizeof(ascending) / sizeof(ascending[0]); i++) {
        char a[256] = {0}, b[256] = {0};
        version_pad(ascending[i - 1], strlen(ascending[i - 1]), a, sizeof(a) - 1);
        version_pad(ascending[i], strlen(ascending[i]), b, sizeof(b) - 1);
        assert_true(strcmp(a, b) < 0);
    }
}

static void tells_what_it_needs(void **state)
{
    (void)state;
    char out[4] = "zzz";
    assert_int_equal(version_pad("1.2.3", 5, out, 2), 63);
    assert_memory_equal(out, "  z", 4);
    assert_int_equal(version_pad("1.2.3", 5, NULL, 0), 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pads),
        cmocka_unit_test(sorts),
        cmocka_unit_test(tells_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
