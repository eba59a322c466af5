// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/moments.h"

#include <ctype.h>
#include <math.h>

typedef __int128 wide;

/* *ret = sum + a b; false on overflow. */
static bool plus_product(wide sum, wide a, wide b, wide *ret)
{
    wide product;
    return !__builtin_mul_overflow(a, b, &product) && !__builtin_add_overflow(sum, product, ret);
}

bool stats_sums_add(struct stats_sums *sums, __int128 k)
{
    struct stats_sums next = *sums;
    wide square;
    next.n++;
    if (__builtin_mul_overflow(k, k, &square) || !plus_product(sums->s1, k, 1, &next.s1) ||
        !plus_product(sums->s2, k, k, &next.s2) || !plus_product(sums->s3, square, k, &next.s3))
        return false;
    *sums = next;
    return true;
}

bool stats_cross_sums_add(struct stats_cross_sums *sums, __int128 kx, __int128 ky)
{
    struct stats_cross_sums next = *sums;
    next.n++;
    if (!plus_product(sums->x, kx, 1, &next.x) || !plus_product(sums->y, ky, 1, &next.y) ||
        !plus_product(sums->xx, kx, kx, &next.xx) || !plus_product(sums->yy, ky, ky, &next.yy) ||
        !plus_product(sums->xy, kx, ky, &next.xy))
        return false;
    *sums = next;
    return true;
}

/* One variable shifted to its floored mean: k = q + j, sum j = r with 0 <= r < n. */
struct shift {
    wide q, r;
};

static struct shift shift_of(wide sum, uint64_t n)
{
    wide count = (wide)n, q = sum / count, r = sum % count;
    if (r < 0) {
        q--;
        r += count;
    }
    return (struct shift){.q = q, .r = r};
}

/* *acc -= a * b; false on overflow. */
static bool subtract_product(wide *acc, wide a, wide b)
{
    wide product;
    return !__builtin_mul_overflow(a, b, &product) && !__builtin_sub_overflow(*acc, product, acc);
}

/* ret = sum (kx - qx)(ky - qy) = xy - qx y - qy rx. */
static bool centred_product(wide xy, wide y, struct shift sx, struct shift sy, wide *ret)
{
    wide acc = xy;
    if (!subtract_product(&acc, sx.q, y) || !subtract_product(&acc, sy.q, sx.r))
        return false;
    *ret = acc;
    return true;
}

/* ret = sum (k - q)^3 = s3 - q (3 (s2 - q s1) + q^2 n). */
static bool centred_cube(const struct stats_sums *s, wide q, wide *ret)
{
    wide inner = s->s2, square, acc = s->s3;
    if (!subtract_product(&inner, q, s->s1) || __builtin_mul_overflow(inner, (wide)3, &inner) ||
        __builtin_mul_overflow(q, q, &square) || !subtract_product(&inner, square, -(wide)s->n) ||
        !subtract_product(&acc, q, inner))
        return false;
    *ret = acc;
    return true;
}

/* t2 - rx ry / n, where the difference is small against both: long double keeps 64 bits. */
static double less_remainder(wide t, struct shift sx, struct shift sy, uint64_t n)
{
    return (double)((long double)t - (long double)sx.r * (long double)sy.r / (long double)n);
}

bool stats_moments_from_sums(const struct stats_sums *sums, struct stats_moments *ret_moments)
{
    if (sums->n == 0) {
        *ret_moments = (struct stats_moments){0};
        return true;
    }
    struct shift s = shift_of(sums->s1, sums->n);
    wide t2, t3;
    if (!centred_product(sums->s2, sums->s1, s, s, &t2) || !centred_cube(sums, s.q, &t3))
        return false;
    long double n = (long double)sums->n, f = (long double)s.r / n, u = sums->unit;
    struct stats_moments m = {.n = sums->n, .mean = (double)(((long double)s.q + f) * u)};
    m.m2 = fmax(0, less_remainder(t2, s, s, sums->n)) * sums->unit * sums->unit;
    m.m3 = (double)(((long double)t3 - 3 * f * (long double)t2 + 2 * n * f * f * f) * u * u * u);
    if (!isfinite(m.mean) || !isfinite(m.m2) || !isfinite(m.m3))
        return false;
    *ret_moments = m;
    return true;
}

bool stats_comoments_from_sums(const struct stats_cross_sums *sums,
                               struct stats_comoments *ret_moments)
{
    if (sums->n == 0) {
        *ret_moments = (struct stats_comoments){0};
        return true;
    }
    struct shift sx = shift_of(sums->x, sums->n), sy = shift_of(sums->y, sums->n);
    wide xx, yy, xy;
    if (!centred_product(sums->xx, sums->x, sx, sx, &xx) ||
        !centred_product(sums->yy, sums->y, sy, sy, &yy) ||
        !centred_product(sums->xy, sums->y, sx, sy, &xy))
        return false;
    long double n = (long double)sums->n, ux = sums->unit_x, uy = sums->unit_y;
    struct stats_comoments m = {
        .n = sums->n,
        .mean_x = (double)(((long double)sx.q + (long double)sx.r / n) * ux),
        .mean_y = (double)(((long double)sy.q + (long double)sy.r / n) * uy),
        .m2_x = fmax(0, less_remainder(xx, sx, sx, sums->n)) * sums->unit_x * sums->unit_x,
        .m2_y = fmax(0, less_remainder(yy, sy, sy, sums->n)) * sums->unit_y * sums->unit_y,
        .c_xy = less_remainder(xy, sx, sy, sums->n) * sums->unit_x * sums->unit_y,
    };
    if (!isfinite(m.mean_x) || !isfinite(m.mean_y) || !isfinite(m.m2_x) || !isfinite(m.m2_y) ||
        !isfinite(m.c_xy))
        return false;
    *ret_moments = m;
    return true;
}

/* xy - x y / n. */
static double centred_plain(double xy, double x, double y, double n)
{
    double product = x * y, product_rest = fma(x, y, -product);
    double quotient = product / n, quotient_rest = fma(-quotient, n, product);
    return xy - quotient - (quotient_rest + product_rest) / n;
}

/* NaN stays: it must not become a variance of 0. */
static double not_negative(double x)
{
    return x < 0 ? 0 : x;
}

struct stats_comoments stats_comoments_from_plain(const struct stats_plain_sums *sums,
                                                  unsigned *ret_warnings)
{
    double n = (double)sums->n;
    if (sums->n == 0)
        return (struct stats_comoments){0};
    struct stats_comoments m = {
        .n = sums->n,
        .mean_x = sums->x / n,
        .mean_y = sums->y / n,
        .m2_x = not_negative(centred_plain(sums->xx, sums->x, sums->x, n)),
        .m2_y = not_negative(centred_plain(sums->yy, sums->y, sums->y, n)),
        .c_xy = centred_plain(sums->xy, sums->x, sums->y, n),
    };
    if (ret_warnings && (m.m2_x < 1e-10 * sums->xx || m.m2_y < 1e-10 * sums->yy))
        *ret_warnings |= STATS_WARN_CANCELLATION;
    return m;
}

/* Appends one decimal digit; false past 2^126. */
static bool push_digit(wide *value, int digit)
{
    if (*value > ((wide)1 << 122))
        return false;
    *value = *value * 10 + digit;
    return true;
}

/* Reads "e-3"; false when it is malformed or absurd. */
static bool read_exponent(const char **text, int *ret_exponent)
{
    const char *p = *text + 1;
    int sign = *p == '-' ? -1 : 1, value = 0;
    if (*p == '-' || *p == '+')
        p++;
    if (!isdigit((unsigned char)*p))
        return false;
    for (; isdigit((unsigned char)*p); p++) {
        value = value * 10 + (*p - '0');
        if (value > 1000)
            return false;
    }
    *text = p;
    *ret_exponent = sign * value;
    return true;
}

/* digits * 10^shift exactly. */
static bool rescale(wide *value, int shift)
{
    if (*value == 0)
        return true;
    for (; shift > 0; shift--)
        if (!push_digit(value, 0))
            return false;
    for (; shift < 0; shift++) {
        if (*value % 10 != 0)
            return false;
        *value /= 10;
    }
    return true;
}

bool stats_parse_fixed(const char *text, int decimals, __int128 *ret_value)
{
    bool is_negative = *text == '-', has_digit = false;
    if (*text == '-' || *text == '+')
        text++;
    wide value = 0;
    int exponent = 0, fraction = 0;
    bool is_fraction = false;
    for (; isdigit((unsigned char)*text) || (*text == '.' && !is_fraction); text++) {
        if (*text == '.') {
            is_fraction = true;
            continue;
        }
        has_digit = true;
        fraction += is_fraction;
        if (!push_digit(&value, *text - '0'))
            return false;
    }
    if (!has_digit || ((*text == 'e' || *text == 'E') && !read_exponent(&text, &exponent)))
        return false;
    if (*text != '\0' || !rescale(&value, decimals + exponent - fraction))
        return false;
    *ret_value = is_negative ? -value : value;
    return true;
}
