// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether an effect wears off: each day since the exposure compared by itself, by the metric's
 * fixed test. Days share their units, so that their intervals are not independent; each holds for
 * its day alone.
 */
#pragma once

#include "results/document/results_document.h"

/* Returns NULL while the job has stored nothing. */
const struct results_since_document *results_judge_since(const struct results *r,
                                                         const struct results_metric *m);
