// SPDX-License-Identifier: GPL-3.0-or-later
/* Gauss-Legendre quadrature with 16 nodes a panel: degree 31, no allocation. */
#pragma once

#include "stats/core/root.h"

enum { STATS_QUAD_NODES = 16 };

/* Nodes on [-1, 1] ascending, and their weights. */
extern const double stats_quad_x[STATS_QUAD_NODES];
extern const double stats_quad_w[STATS_QUAD_NODES];

/* Integral of f over [lo, hi] cut into `panels` equal panels. */
double stats_quad(stats_fn f, const void *context, double lo, double hi, int panels);

/*
 * Coefficients of the antiderivative of the polynomial through f[i] at the nodes:
 * integral from -1 to x = sum over k of ret_c[k] P_k(x), P_k Legendre's polynomials.
 */
void stats_quad_antiderivative(const double f[STATS_QUAD_NODES],
                               double ret_c[STATS_QUAD_NODES + 1]);

/* sum of c[k] P_k(x) by Clenshaw's recurrence. */
double stats_quad_series(const double c[STATS_QUAD_NODES + 1], double x);

/*
 * Adds the edges from `more`, ascending, to the ascending list `edges` of `count` (room for both).
 * Returns the new count. Where two densities meet, panels between all edges resolve both.
 */
int stats_quad_merge(double *edges, int count, const double *more, int more_count);
