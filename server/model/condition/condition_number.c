// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition_number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bytes of the blank or line break at s, 0 if there is none. */
static size_t blank_length(const char *s, size_t left)
{
    static const char *const wide[] = {
        "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
        "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87",
        "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
        "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf"};
    if (left == 0)
        return 0;
    if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
        return 1;
    if ((unsigned char)*s < 0x80)
        return 0;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        size_t n = strlen(wide[i]);
        if (n <= left && memcmp(s, wide[i], n) == 0)
            return n;
    }
    return 0;
}

static size_t digits_length(const char *s, const char *end)
{
    const char *from = s;
    while (s < end && *s >= '0' && *s <= '9')
        s++;
    return (size_t)(s - from);
}

/* The end of a decimal literal without sign, or NULL. */
static const char *decimal_end(const char *s, const char *end)
{
    size_t whole = digits_length(s, end);
    s += whole;
    size_t fraction = 0;
    if (s < end && *s == '.') {
        fraction = digits_length(s + 1, end);
        s += 1 + fraction;
    }
    if (whole + fraction == 0)
        return NULL;
    if (s < end && (*s == 'e' || *s == 'E')) {
        s++;
        if (s < end && (*s == '+' || *s == '-'))
            s++;
        size_t exponent = digits_length(s, end);
        if (exponent == 0)
            return NULL;
        s += exponent;
    }
    return s;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

static int radix_of(const char *s, const char *end)
{
    if (end - s < 3 || s[0] != '0')
        return 10;
    switch (s[1]) {
    case 'x':
    case 'X':
        return 16;
    case 'o':
    case 'O':
        return 8;
    case 'b':
    case 'B':
        return 2;
    default:
        return 10;
    }
}

static double read_radix(const char *s, const char *end, int radix)
{
    double value = 0;
    for (; s < end; s++) {
        int digit = digit_of(*s);
        if (digit >= radix)
            return NAN;
        value = value * radix + digit;
    }
    return value;
}

double condition_number_read(const char *s, size_t length)
{
    const char *end = s + length;
    size_t n;
    while ((n = blank_length(s, (size_t)(end - s))) > 0)
        s += n;
    const char *last = s;
    for (const char *p = s; p<end; p += n> 0 ? n : 1) {
        n = blank_length(p, (size_t)(end - p));
        if (n == 0)
            last = p + 1;
    }
    end = last;
    if (s == end)
        return 0;
    int radix = radix_of(s, end);
    if (radix != 10)
        return read_radix(s + 2, end, radix);
    const char *unsigned_part = *s == '+' || *s == '-' ? s + 1 : s;
    if (end - unsigned_part == 8 && memcmp(unsigned_part, "Infinity", 8) == 0)
        return *s == '-' ? -INFINITY : INFINITY;
    return decimal_end(unsigned_part, end) == end ? strtod(s, NULL) : NAN;
}

/* The next larger number with as many digits: "1.29e+01" becomes "1.30e+01". */
static void round_up(char *text)
{
    for (char *p = strchr(text, 'e') - 1; p >= text; p--) {
        if (*p == '.')
            continue;
        if (*p != '9') {
            (*p)++;
            return;
        }
        *p = '0';
    }
}

/* Prints with the fewest digits that read back as the same value. Below a power of two doubles lie
 * closer together, so there the nearest number of 16 digits may fail where the next one holds. */
static void print_shortest(double value, char text[CONDITION_NUMBER_SIZE])
{
    int least = value < DBL_MIN ? 0 : 14;
    for (int precision = least; precision <= 16; precision++) {
        snprintf(text, CONDITION_NUMBER_SIZE, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            return;
        round_up(text);
        if (strtod(text, NULL) == value)
            return;
    }
}

/* The significant digits of a positive value, without trailing zeros; value = 0.DIGITS * 10^point.
 */
static int shortest_digits(double value, char digits[24], int *ret_point)
{
    char text[CONDITION_NUMBER_SIZE];
    print_shortest(value, text);
    int count = 0;
    const char *p = text;
    for (; *p != 'e'; p++)
        if (*p != '.')
            digits[count++] = *p;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    digits[count] = '\0';
    *ret_point = atoi(p + 1) + 1;
    return count;
}

void condition_number_format(double value, char out[CONDITION_NUMBER_SIZE])
{
    const char *sign = value < 0 ? "-" : "";
    size_t size = CONDITION_NUMBER_SIZE;
    char digits[24];
    int point;
    if (!isfinite(value)) {
        snprintf(out, size, "%s", isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity");
        return;
    }
    if (fabs(value) < 1e15 && value == (double)(int64_t)value) {
        snprintf(out, size, "%lld", (long long)value);
        return;
    }
    int count = shortest_digits(fabs(value), digits, &point);
    if (point > 21 || point < -5)
        snprintf(out, size, "%s%c%s%se%+d", sign, digits[0], count > 1 ? "." : "", digits + 1,
                 point - 1);
    else if (point <= 0)
        snprintf(out, size, "%s0.%.*s%s", sign, -point, "00000", digits);
    else if (count <= point)
        snprintf(out, size, "%s%s%.*s", sign, digits, point - count, "000000000000000000000");
    else
        snprintf(out, size, "%s%.*s.%s", sign, point, digits, digits + point);
}
