// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sufficient statistics of one arm. Two ways in: exact integer sums (what a database keeps; they
 * add and subtract without drift), or a running accumulator over values. Never a plain
 * floating-point sum of squares. Units: mean in the metric's units, m2 and c_xy squared, m3 cubed.
 */
#pragma once

#include "stats/core/result.h"

#include <stddef.h>

/* m2 = sum (v - mean)^2, m3 = sum (v - mean)^3. */
struct stats_moments {
    uint64_t n;
    double mean, m2, m3;
};

/* Of pairs: c_xy = sum (x - mean_x)(y - mean_y). */
struct stats_comoments {
    uint64_t n;
    double mean_x, mean_y, m2_x, m2_y, c_xy;
};

/* Exact sums of integers k, value = k * unit (unit 0.01: cents; 1e-6: fixed point). Who keeps no
 * cubes leaves s3 at 0 and does not ask for the skewness. */
struct stats_sums {
    uint64_t n;
    double unit;
    __int128 s1, s2, s3; /* sum k, sum k^2, sum k^3 */
};

struct stats_cross_sums {
    uint64_t n;
    double unit_x, unit_y;
    __int128 x, y, xx, yy, xy; /* sums of kx, ky, kx^2, ky^2, kx ky */
};

/* Plain floating-point sums, as other systems hand them over. */
struct stats_plain_sums {
    uint64_t n;
    double x, y, xx, yy, xy;
};

/* A value seen one at a time, kept relative to the first one seen. All zero: empty. */
struct stats_running {
    double origin;
    struct stats_moments rest;
};

struct stats_running_pair {
    double origin_x, origin_y;
    struct stats_comoments rest;
};

/* Adds one value k (pair kx, ky), exactly. False where a sum would pass 2^127: then unchanged. */
bool stats_sums_add(struct stats_sums *sums, __int128 k);
bool stats_cross_sums_add(struct stats_cross_sums *sums, __int128 kx, __int128 ky);

/*
 * Moments from exact sums. With q = floor(s1 / n), r = s1 - q n the centred sums
 * sum (k - q)^2 = s2 - q (s1 + r), sum (k - q)^3 = s3 - 3 q s2 + 3 q^2 s1 - q^3 n are exact
 * integers; only the last step (r / n) is rounded. Relative accuracy 1e-15 for m2 whatever the
 * offset. Exact for 1e9 units of up to 1e9 each, and beyond as long as no product passes 2^127:
 * then (or where a double overflows) false, and ret_moments is untouched. n = 0: all zero.
 */
bool stats_moments_from_sums(const struct stats_sums *sums, struct stats_moments *ret_moments);

/* The same for pairs: c_xy = sum kx ky - qx y - qy rx, less rx ry / n. */
bool stats_comoments_from_sums(const struct stats_cross_sums *sums,
                               struct stats_comoments *ret_moments);

/*
 * Moments from plain sums: S_xy = xy - x y / n with the product and the quotient carried in two
 * doubles. What was rounded into the sums themselves is lost: ret_warnings, unless NULL, gets
 * cancellation where S_xx < 1e-10 xx (or y likewise). Sums that are not finite give moments that
 * are not, which every method refuses as invalid.
 */
struct stats_comoments stats_comoments_from_plain(const struct stats_plain_sums *sums,
                                                  unsigned *ret_warnings);

/*
 * Reads a decimal ("-12.50", "1e-3") as an integer count of 10^-decimals. False when it is no
 * number, has more decimals than that, or passes 2^126. For numeric columns: exact, no double.
 */
bool stats_parse_fixed(const char *text, int decimals, __int128 *ret_value);

/* Adds one value: Welford (1962) with the third moment of Pebay (2008), about the first value. */
void stats_running_add(struct stats_running *running, double value);
void stats_running_pair_add(struct stats_running_pair *running, double x, double y);

/* Adds all of `other`: Chan, Golub & LeVeque (1979), Pebay (2008). Order does not matter beyond
 * rounding; an empty side changes nothing. */
void stats_running_merge(struct stats_running *running, const struct stats_running *other);
void stats_running_pair_merge(struct stats_running_pair *running,
                              const struct stats_running_pair *other);

/* The moments so far, origin added back. */
struct stats_moments stats_running_moments(const struct stats_running *running);
struct stats_comoments stats_running_comoments(const struct stats_running_pair *running);

/* m2 / (n - 1); unknown for n < 2. */
struct stats_number stats_variance(const struct stats_moments *moments);

/* g1 = (m3 / n) / (m2 / n)^(3/2), population moments; unknown for n < 3 or m2 = 0. */
struct stats_number stats_skewness(const struct stats_moments *moments);

/* sum (v[i] - mean)(v[i-1] - mean) / m2 over values in their order; unknown for m2 = 0. */
struct stats_number stats_lag1(const double *values, size_t count,
                               const struct stats_moments *moments);

/* The mean with its variance m2 / (n - 1) / n; variance 0 for n < 2. */
struct stats_estimate stats_mean_estimate(const struct stats_moments *moments);
