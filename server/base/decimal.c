// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/decimal.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 wide;

/* The powers of five that 63 bits hold: the mantissa of a double times each is exact in 128. */
_Static_assert(DECIMAL_SCALE == 27, "the powers there are");
/* clang-format off */
static const uint64_t fives[DECIMAL_SCALE + 1] = {
    1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 48828125, 244140625,
    1220703125, 6103515625, 30517578125, 152587890625, 762939453125, 3814697265625, 19073486328125,
    95367431640625, 476837158203125, 2384185791015625, 11920928955078125, 59604644775390625,
    298023223876953125, 1490116119384765625, 7450580596923828125,
};
/* clang-format on */

/* mantissa · 2^exponent, the mantissa of 53 bits: exactly what a normal double is. */
struct binary {
    uint64_t mantissa;
    int exponent;
};

static struct binary binary_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return (struct binary){(bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52,
                           (int)(bits >> 52 & 0x7ff) - 1075};
}

/* x · 10^scale as whole · 2^-shift, exactly. */
struct scaled {
    wide whole;
    int shift;
};

static struct scaled scale_up(struct binary x, int scale)
{
    return (struct scaled){(wide)x.mantissa * fives[scale], -(x.exponent + scale)};
}

/* Rounds half to even, as printf does. */
static uint64_t round_off(struct scaled s)
{
    uint64_t digits = (uint64_t)(s.whole >> s.shift);
    wide rest = s.whole - ((wide)digits << s.shift), half = (wide)1 << (s.shift - 1);
    return digits + (rest > half || (rest == half && digits & 1));
}

/* Whether x is the double next to digits · 10^-scale. The doubles around it are 10^scale ·
 * 2^exponent away, which is 5^scale in steps of 2^-shift; those below a power of two half of that.
 * A tie would need an odd number to be even. */
static bool reads_back(uint64_t digits, struct scaled s, struct binary x, int scale)
{
    wide read = (wide)digits << s.shift;
    if (read >= s.whole)
        return (read - s.whole) * 2 < fives[scale];
    bool is_edge = x.mantissa == (uint64_t)1 << 52;
    return (s.whole - read) * (is_edge ? 4 : 2) < fives[scale];
}

/* A decimal: digits · 10^(first + 1 - the number of digits). */
struct decimal {
    uint64_t digits;
    int first;
};

/* The 15 to 17 digits of 1e-11 < x < 1e15, which is no whole number; false when they round up to
 * one digit more. */
static bool find_digits(double value, struct decimal *ret)
{
    struct binary x = binary_of(value);
    /* 10^first <= x < 10^(first + 2), by the logarithm of two. */
    int first = ((x.exponent + 52) * 78913) >> 18;
    struct scaled s = scale_up(x, 14 - first);
    uint64_t end = 1000000000000000; /* 10^count */
    first += (s.whole >> s.shift) >= end;
    for (int count = 15; count <= 17; count++, end *= 10) {
        int scale = count - 1 - first;
        s = scale_up(x, scale);
        uint64_t digits = round_off(s);
        if (digits >= end)
            return false;
        *ret = (struct decimal){digits, first};
        if (reads_back(digits, s, x, scale))
            return true;
    }
    return false;
}

/* Writes the digits up to 'end', returns where they begin. */
static char *write_before(char *end, uint64_t digits)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    for (; digits >= 100; digits /= 100)
        memcpy(end -= 2, pairs + digits % 100 * 2, 2);
    if (digits >= 10)
        memcpy(end -= 2, pairs + digits * 2, 2);
    else
        *--end = (char)('0' + digits);
    return end;
}

/* 'n' digits, of which the first stands for 10^first, as %g lays them out. */
static size_t lay_out(char *out, const char *digits, size_t n, int first)
{
    if (first < -4)
        return (size_t)snprintf(out, DECIMAL_SIZE - 1, "%c%s%.*se%+03d", digits[0],
                                n > 1 ? "." : "", (int)n - 1, digits + 1, first);
    if (first < 0) {
        size_t zeros = (size_t)(1 - first);
        memcpy(out, "0.0000", zeros);
        memcpy(out + zeros, digits, n);
        return zeros + n;
    }
    size_t whole = (size_t)first + 1;
    memset(out, '0', whole);
    memcpy(out, digits, n < whole ? n : whole);
    if (n <= whole)
        return whole;
    out[whole] = '.';
    memcpy(out + whole + 1, digits + whole, n - whole);
    return n + 1;
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
    struct decimal found;
    if (!(x > 1e-11 && x < 1e15) || !find_digits(x, &found))
        return ask_printf(out, value);
    char text[24], *end = text + sizeof(text), *digits = write_before(end, found.digits);
    while (end > digits + 1 && end[-1] == '0')
        end--;
    size_t sign = value < 0;
    out[0] = '-';
    return sign + lay_out(out + sign, digits, (size_t)(end - digits), found.first);
}

size_t decimal_write_int(char out[DECIMAL_SIZE], int64_t value)
{
    char text[24], *end = text + sizeof(text);
    char *digits = write_before(end, value < 0 ? -(uint64_t)value : (uint64_t)value);
    if (value < 0)
        *--digits = '-';
    memcpy(out, digits, (size_t)(end - digits));
    return (size_t)(end - digits);
}

double decimal_read(uint64_t digits, int scale)
{
    if (digits == 0)
        return 0;
    /* A quotient of more than 64 bits, whose last one stands for what is left as well. */
    int up = __builtin_clzll(digits);
    wide whole = (wide)(digits << up) << 64, quotient = whole / fives[scale];
    bool has_rest = quotient * fives[scale] != whole;
    uint64_t high = (uint64_t)(quotient >> 64);
    int down = 64 - __builtin_clzll(high);
    uint64_t top = (uint64_t)(quotient >> down);
    has_rest |= (wide)top << down != quotient;
    /* Half to even, to the 53 bits of a double, by the processor's own conversion. */
    return ldexp((double)(top | has_rest), down - 64 - up - scale);
}
