// SPDX-License-Identifier: GPL-3.0-or-later
/* Against printf and strtod: the shortest of 15 to 17 digits, and the same double again. */
#include "base/decimal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t state_bits = 1;

static uint64_t next_random(void)
{
    state_bits ^= state_bits << 13;
    state_bits ^= state_bits >> 7;
    state_bits ^= state_bits << 17;
    return state_bits;
}

static void shortest(char out[DECIMAL_SIZE], double value)
{
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(out, DECIMAL_SIZE, "%.*g", precision, value);
        if (strtod(out, NULL) == value)
            return;
    }
}

static void check(double value)
{
    char written[DECIMAL_SIZE + 1];
    char wanted[DECIMAL_SIZE];
    written[decimal_write(written, value)] = '\0';
    shortest(wanted, value);
    if (strcmp(written, wanted) != 0)
        fail_msg("%.17g is written as %s, by printf as %s", value, written, wanted);
}

static void any_double(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = next_random();
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value) && (fabs(value) >= 1e15 || value != floor(value)))
            check(value);
    }
}

static void numbers_of_every_size(void **state)
{
    (void)state;
    for (int i = 0; i < 400000; i++) {
        double mantissa = (double)(int64_t)next_random() / 9223372036854775808.0;
        check(mantissa * pow(10, (double)(next_random() % 50) - 30));
    }
}

static void a_few_decimals(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[32];
        snprintf(text, sizeof(text), "%d.%06de%d", (int)(next_random() % 10000),
                 (int)(next_random() % 1000000), (int)(next_random() % 40) - 20);
        check(strtod(text, NULL));
    }
}

static void around_powers(void **state)
{
    (void)state;
    for (int power = -30; power <= 14; power++) {
        double value = pow(10, power);
        double above = value;
        double below = value;
        for (int i = 0; i < 20; i++) {
            above = nextafter(above, INFINITY);
            below = nextafter(below, 0);
            check(above);
            check(-below);
        }
    }
}

static void said_as_text(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0.1, "0.1"},
                {-0.0, "0"},
                {1e-4, "0.0001"},
                {1.5e-5, "1.5e-05"},
                {1e-9, "1e-09"},
                {0.1 + 0.2, "0.30000000000000004"},
                {-12.5, "-12.5"},
                {100.25, "100.25"},
                {1e300, "1e+300"},
                {5e-324, "4.94065645841247e-324"},
                {-999999999999999, "-999999999999999"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char written[DECIMAL_SIZE + 1];
        written[decimal_write(written, rows[i].value)] = '\0';
        assert_string_equal(written, rows[i].text);
    }
}

static void whole_numbers(void **state)
{
    (void)state;
    static const int64_t rows[] = {0, 7, -7, 10, 1234567890, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char written[DECIMAL_SIZE + 1];
        char wanted[DECIMAL_SIZE];
        written[decimal_write_int(written, rows[i])] = '\0';
        snprintf(wanted, sizeof(wanted), "%lld", (long long)rows[i]);
        assert_string_equal(written, wanted);
    }
}

/* Digits of every length; then those half way between two doubles, and beside it. */
static void read_as_by_strtod(void **state)
{
    (void)state;
    for (int i = 0; i < 400000; i++) {
        bool is_half = i % 4 == 0;
        uint64_t digits = next_random() >> next_random() % 64;
        int scale = is_half ? 0 : (int)(next_random() % (DECIMAL_SCALE + 1));
        if (is_half)
            digits = (((uint64_t)1 << 53) | next_random() >> 11) * 4 + 1 + next_random() % 3;
        char text[DECIMAL_SIZE];
        snprintf(text, sizeof(text), "%llue-%d", (unsigned long long)digits, scale);
        if (decimal_read(digits, scale) != strtod(text, NULL))
            fail_msg("%s is read as %.17g", text, decimal_read(digits, scale));
    }
}

/* The doubles below are closer than those above. */
static void powers_of_two(void **state)
{
    (void)state;
    for (int power = -36; power < 50; power++) {
        double value = ldexp(1, power);
        check(value);
        check(nextafter(value, 0));
        check(nextafter(value, INFINITY));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_double),        cmocka_unit_test(numbers_of_every_size),
        cmocka_unit_test(a_few_decimals),    cmocka_unit_test(around_powers),
        cmocka_unit_test(said_as_text),      cmocka_unit_test(whole_numbers),
        cmocka_unit_test(read_as_by_strtod), cmocka_unit_test(powers_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
