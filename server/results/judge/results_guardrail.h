// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether a guardrail holds: that no more than its margin is lost.
 */
#pragma once

#include "results/judge/results_cell.h"

struct results_noninferiority {
    enum stats_status status;
    enum results_method method;
    double margin;
    struct stats_number statistic, df, p;
    const char *verdict; /* by the always-valid interval: "kept", "harmed" or "open" */
};

struct results_noninferiority results_noninferiority_of(const struct results_metric *m,
                                                        const struct results_cell *control,
                                                        const struct results_cell *treatment);
