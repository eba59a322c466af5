// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Which questions are asked together, and which of them decides.
 */
#pragma once

#include "results/sums/results_phase.h"

/* The number of questions in the family of a role, at least 1. */
size_t results_family_size(const struct results *r, enum metric_role role);
/* The metric that decides: the first primary one, else the first; 0 where there is none. */
size_t results_goal(const struct results *r);
/* The part of all units that the control and a variant are meant to get. */
double results_share_of(const struct results *r, size_t variant);
