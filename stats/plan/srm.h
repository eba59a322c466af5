// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sample ratio mismatch: are the arms' sizes what the split promised? An alarm (p < 0.001) means
 * the experiment is broken and its effects are not to be read.
 */
#pragma once

#include "stats/core/result.h"

#include <stddef.h>

struct stats_srm {
    enum stats_status status;
    struct stats_number chi2, df, p, log10_p;
    struct stats_number min_expected; /* below 5 the chi-square approximation is doubtful: */
    struct stats_number p_exact;      /* known there */
    uint64_t unexpected_units;        /* seen in arms of weight 0 */
};

/*
 * Pearson's chi-square [1900]: sum (o - e)^2 / e, e_i = N w_i / sum w, df = arms - 1. weights are
 * any non-negative numbers. Arms of weight 0 are left out of N and df, and their units reported.
 * p_exact: the chance of a sum as large when the rarest arm's count (of the two rarest, where both
 * have e < 5) is binomial and only what is left is chi-square: exact for two arms. p rejects nearly
 * three times too often there. Absolute accuracy 1e-12; at most 2 ms.
 * Status: no_data (N = 0), single_arm (fewer than two weights above 0), invalid (a negative or
 * non-finite weight, or a split so extreme that chi2 overflows). Relative accuracy 1e-12.
 */
struct stats_srm stats_srm(const uint64_t *observed, const double *weights, size_t arms);

/* The p to be read: p_exact where it is known, else p. Unknown where the status is not ok. */
struct stats_number stats_srm_p(const struct stats_srm *srm);

/*
 * The log Bayes factor of a Dirichlet(k w) split against the planned w [Lindon & Malek 2020]:
 * ln B(k w + n) - ln B(k w) - sum n_i ln w_i, for cumulative counts n. 1 / BF, kept at its
 * smallest over the looks, is a p-value that may be read after every visitor; alarm at 0.001.
 * weights > 0 (scaled to add up to 1), k > 0 the concentration, all finite (else NaN). By
 * Stirling's formula with its large terms cancelled on paper: y = k w + n, Y = k + N, R its rest,
 * sum y_i ln(y_i / (Y w_i)) - sum ln(y_i / k w_i) / 2 + ln(Y / k) / 2 + sum (R(y_i) - R(k w_i))
 * - R(Y) + R(k). Absolute error 1e-9 up to 1e9 units.
 */
double stats_srm_log_bayes(const uint64_t *observed, const double *weights, size_t arms,
                           double concentration);
