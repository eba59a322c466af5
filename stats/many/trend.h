// SPDX-License-Identifier: GPL-3.0-or-later
/* Does the effect wear off (novelty) or grow (primacy) with the days since first exposure? */
#pragma once

#include "stats/core/result.h"

#include <stddef.h>

/* The effect (treatment - control, with its squared se) on visitors `day` days after they first
 * saw the experiment. */
struct stats_trend_day {
    double day;
    struct stats_estimate effect;
};

struct stats_trend {
    enum stats_status status; /* invalid; insufficient_data: fewer than two distinct days */
    double conf;
    struct stats_number first, first_se; /* fitted effect on the earliest day */
    struct stats_number last, last_se;   /* fitted effect on the latest day */
    struct stats_interval last_interval;
    struct stats_number slope, slope_se; /* change of the effect per day */
    struct stats_interval slope_interval;
    struct stats_number z, p_two_sided, log10_p; /* of slope 0 */
    struct stats_number fit_q, fit_df, fit_p;    /* is a line enough? unknown for two days */
};

/*
 * Weighted least squares of the daily effect on the day [Aitken 1935], weights w = 1 / se^2 known:
 * D = sum w d / sum w, S = sum w (d - D)^2, slope = sum w (d - D) e / S, se^2 = 1 / S, slope test
 * z = slope / se on the normal; the fitted effect at day t has variance 1 / sum w + (t - D)^2 / S.
 * fit_q = sum w (e - fitted)^2 is chi-square with k - 2 degrees of freedom where the effect moves
 * on a line: a small fit_p says that it moves otherwise (weekdays), and the slope is then only
 * its average. The daily effects are taken as independent: give each visitor to one day (cohorts
 * by first exposure) or know that shared visitors correlate them. Units: the metric's, slope per
 * day. Days may repeat and come in any order. Invalid: a variance that is not positive and finite,
 * a value that is not finite, conf outside (0, 1). Relative accuracy 1e-12.
 */
struct stats_trend stats_trend(const struct stats_trend_day *days, size_t count, double conf);
