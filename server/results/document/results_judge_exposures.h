// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "results/document/results_document.h"

/* The days on which anybody met a variant first, in their order, each with all variants. */
const struct results_exposed_day *results_judge_exposures(const struct results *r,
                                                          size_t *ret_count);
