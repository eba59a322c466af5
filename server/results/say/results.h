// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * From exact sums to answers: what the results of one phase of a campaign say, as JSON. Pure: reads
 * what the query results_read returned, knows no clock and no database. Every number can be
 * recomputed from the raw sums that stand beside it.
 *
 * Conversion rates are compared by the score test (pooled z is shown beside), sums by Welch's t,
 * means per event and ratios by the delta method; uplifts by the interval that inverts the same
 * test. Bayesian: Beta-Binomial with Jeffreys' prior, normal posterior with a flat prior. Beside
 * them, over the whole phase: the always-valid test over all stored looks and now, the planned test
 * where one was chosen (model/campaign_statistics.h), both corrected for the questions asked
 * together, guardrails as non-inferiority, and what to do now (verdict.h).
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

/* The four texts of results_read; borrowed, and written to by the parser. */
struct results_input {
    char *head, *metrics, *sums, *looks;
};

struct results_question {
    const char *dimension; /* to break down by; "": none */
    const char
        *baseline; /* key of the variant that the others are compared with; "": the control */
    int64_t as_of_us;
    bool is_brief;  /* the standing alone */
    bool is_search; /* for whom the effect is another one, alone: the sums are by halves */
    bool is_public; /* no visitor's id in it, and nothing of other campaigns */
};

/* Appends the results document, or the standing. ERR_NOT_FOUND: the campaign has no such phase;
 * ERR_INVALID: the phase has no such baseline. */
enum err results_write(const struct results_input *input, const struct results_question *question,
                       struct buf *out, struct fault *ret_fault) must_use;
