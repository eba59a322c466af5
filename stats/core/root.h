// SPDX-License-Identifier: GPL-3.0-or-later
/* Root of a continuous function on a bracket, without allocation. */
#pragma once

typedef double (*stats_fn)(double x, const void *context);

/*
 * Brent's method (Brent 1973, ch. 4) on [lo, hi], f(lo) and f(hi) of opposite sign: the root to a
 * relative 4e-16. Where an end is a root, that end; where the signs agree, the end with the
 * smaller |f|. Infinite values of f are taken by their sign.
 */
double stats_root(stats_fn f, const void *context, double lo, double hi);

/* The same to an absolute `tolerance`, for functions that cost much or carry noise. */
double stats_root_within(stats_fn f, const void *context, double lo, double hi, double tolerance);

/*
 * The same, from a start: walks from `start` by `step`, doubling it, until f changes its sign or
 * `limit` is reached, and solves there to `tolerance`. Returns `limit` when the sign never changes.
 */
double stats_root_from(stats_fn f, const void *context, double start, double step, double limit,
                       double tolerance);
