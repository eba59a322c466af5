// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What else the metric that decides can tell somebody who decides: which arm is the best one, how
 * much of a winner is luck, and whether more days would help. The verdict rests on nothing of it.
 */
#pragma once

#include "results/insight/results_outlook.h"
#include "results/verdict/verdict.h"

/*
 * A difference corrected for having been looked for: given that it passed the bar of the campaign's
 * test, by stats_selection. Of an always-valid test the bar is that of this moment, which the test
 * may have passed before: then the correction is the larger one. 'uplift' takes the control's value
 * as known.
 */
struct results_corrected {
    double bar; /* |z| that had to be passed */
    struct stats_number difference, uplift;
    struct stats_interval interval, uplift_interval;
};

/* Chances a posteriori, of uniform doubt (Jeffreys' prior, or a flat one). */
struct results_standing_arm {
    const char *key;
    struct stats_number best, top_two; /* chance to be the best, and among the best two, of all */
    struct stats_number loss;          /* expected of choosing it, in the metric's unit */
    const struct results_corrected *corrected; /* NULL: of the control, or not called */
};

struct results_insight {
    const char *metric; /* that decides */
    enum stats_status status;
    const struct results_standing_arm *arms;
    size_t arm_count;
    const char *leader; /* the treatment with the highest chance to be the best */
    const struct results_outlook *outlooks; /* none: nobody comes any more, or the test has ended */
    size_t outlook_count;
};

/* Returns NULL where figures may not be told: of a broken split, of too few data, without a
 * control, and of a metric that is still computed. */
const struct results_insight *results_insight_of(const struct results_cells *c,
                                                 const struct verdict *verdict);
