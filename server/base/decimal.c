// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/decimal.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The powers of ten that 64 bits of mantissa hold exactly. */
#define POWERS 28
static const long double powers[POWERS] = {
    1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
    1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
    1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L,
};

/* x · 10^shift, rounded once; needs |shift| < POWERS. */
static long double shifted(long double x, int shift)
{
    return shift >= 0 ? x * powers[shift] : x / powers[-shift];
}

/* The power of ten of the first digit of x > 0; where powers[] does not reach, about that. */
static int magnitude(double x)
{
    int binary;
    frexp(x, &binary);
    int m = (int)floor((binary - 1) * 0.30102999566398120);
    if (m + 1 > -POWERS && m + 1 < POWERS && x >= shifted(1, m + 1))
        m++;
    return m;
}

/* digits · 10^-shift is known to less than LDBL_EPSILON. How many of the two ends of what it can be
 * round to x: 2 it reads back, 0 it does not, 1 it cannot be told. */
static int reads_back(uint64_t digits, int shift, double x)
{
    long double read = shifted((long double)digits, -shift);
    long double error = read * LDBL_EPSILON;
    return ((double)(read - error) == x) + ((double)(read + error) == x);
}

/* The 15 to 17 digits of x > 0, the first of which stands for 10^first; false when they cannot be
 * told. */
static bool find_digits(double x, int first, uint64_t *ret_digits)
{
    for (int count = 15; count <= 17; count++) {
        int shift = count - 1 - first;
        if (shift >= POWERS || shift <= -POWERS)
            return false;
        uint64_t digits = (uint64_t)(shifted(x, shift) + 0.5L);
        if (digits >= (uint64_t)powers[count] || digits < (uint64_t)powers[count - 1])
            return false;
        int ends = reads_back(digits, shift, x);
        if (ends == 2)
            *ret_digits = digits;
        if (ends > 0)
            return ends == 2;
    }
    return false;
}

static size_t write_digits(char *out, uint64_t digits)
{
    char backwards[20];
    size_t n = 0;
    do
        backwards[n++] = (char)('0' + digits % 10);
    while (digits /= 10);
    for (size_t i = 0; i < n; i++)
        out[i] = backwards[n - 1 - i];
    return n;
}

/* 'n' digits, of which the first stands for 10^first, as %g lays them out. */
static size_t lay_out(char *out, const char *digits, size_t n, int first)
{
    if (first < -4)
        return (size_t)snprintf(out, DECIMAL_SIZE - 1, "%.1s%s%se%+03d", digits, n > 1 ? "." : "",
                                digits + 1, first);
    if (first < 0) {
        size_t zeros = (size_t)(1 - first);
        memcpy(out, "0.0000", zeros);
        memcpy(out + zeros, digits, n);
        return zeros + n;
    }
    size_t used = 0;
    for (size_t i = 0; i < n || i <= (size_t)first; i++) {
        if (i == (size_t)first + 1)
            out[used++] = '.';
        out[used++] = i < n ? digits[i] : '0';
    }
    return used;
}

static size_t ask_printf(char out[DECIMAL_SIZE], double value)
{
    int n = 0;
    for (int precision = 15; precision <= 17; precision++) {
        n = snprintf(out, DECIMAL_SIZE, "%.*g", precision, value);
        if (strtod(out, NULL) == value)
            break;
    }
    return (size_t)n;
}

size_t decimal_write(char out[DECIMAL_SIZE], double value)
{
    double x = fabs(value);
    if (x < 1e15 && value == (double)(int64_t)value)
        return decimal_write_int(out, (int64_t)value);
    int first = magnitude(x);
    uint64_t found;
    if (first > 14 || !find_digits(x, first, &found))
        return ask_printf(out, value);
    char digits[24];
    size_t n = write_digits(digits, found);
    while (n > 1 && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
    size_t sign = value < 0;
    out[0] = '-';
    return sign + lay_out(out + sign, digits, n, first);
}

size_t decimal_write_int(char out[DECIMAL_SIZE], int64_t value)
{
    if (value >= 0)
        return write_digits(out, (uint64_t)value);
    out[0] = '-';
    return 1 + write_digits(out + 1, -(uint64_t)value);
}
