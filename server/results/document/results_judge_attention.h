// SPDX-License-Identifier: GPL-3.0-or-later
/* Why somebody should look at a campaign now. */
#pragma once

#include "results/document/results_document.h"

/* Words, the most urgent first; none of what is over. */
const char *const *results_judge_attention(const struct results *r, const struct verdict *verdict,
                                           int64_t as_of_us, size_t *ret_count);
