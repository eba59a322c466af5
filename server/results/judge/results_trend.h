// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether an effect wears off or grows: a line through what each look added, over the days.
 */
#pragma once

#include "results/judge/results_path.h"

struct results_trend {
    struct stats_trend line;
    size_t looks;
    bool is_fading; /* the effect shrinks: p < 0.01 of the slope over at least seven looks */
};

struct results_trend results_trend_of(const struct results *r, const struct results_path *path);
