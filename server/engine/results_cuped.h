// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The adjusted answer: what is left of a difference when what the units did in the 14 days before
 * their exposure is taken out (CUPED). The covariate is the metric itself, measured in that time;
 * of a mean or ratio it is the linearised residual x - R y, R the ratio of both arms before. One
 * slope for both arms, or, where one arm has more than twice the other's units, one of each.
 * Stands beside the unadjusted answer and never replaces it.
 */
#pragma once

#include "engine/results_private.h"

/* Appends the member "adjusted". A status other than "ok": the numbers are null, or, for
 * "covariate_constant", the unadjusted ones. */
void results_cuped_add(struct buf *b, const struct results_metric *m,
                       const struct results_arm *control, const struct results_arm *treatment,
                       double confidence);

/* Appends the members "sum_x" to "sum_dy". */
void results_cuped_add_raw(struct buf *b, const struct results_pre_sums *pre);
