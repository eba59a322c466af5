// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/verdict/verdict_words.h"

#include <math.h>
#include <stdio.h>

const struct verdict_figures verdict_no_figures = {
    .uplift = NAN,
    .uplift_with = NAN,
    .uplift_without = NAN,
    .p = NAN,
    .conversions = NAN,
    .days_left = NAN,
    .minimum_uplift = NAN,
    .largest = NAN,
    .share = NAN,
};

struct verdict_figures verdict_interaction_figures(const char *goal,
                                                   const struct verdict_interaction *interaction)
{
    struct verdict_figures figures = verdict_no_figures;
    figures.metric = goal;
    figures.campaign = interaction->campaign;
    figures.campaign_variant = interaction->variant;
    figures.uplift_with = interaction->uplift_with;
    figures.uplift_without = interaction->uplift_without;
    return figures;
}

const char *verdict_count(double count, char out[VERDICT_WORD])
{
    char digits[VERDICT_WORD];
    int length = snprintf(digits, sizeof(digits), "%.0f", fmin(count, 1e18)), used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

const char *verdict_uplift(double uplift, char out[VERDICT_WORD])
{
    out[0] = '\0';
    if (isfinite(uplift))
        snprintf(out, VERDICT_WORD, " (%+.1f %%)", uplift * 100);
    return out;
}

void verdict_say_interaction(const char *variant, const char *goal,
                             const struct verdict_interaction *interaction, char *out, size_t size)
{
    char with[VERDICT_WORD], without[VERDICT_WORD];
    snprintf(
        out, size,
        "%s works differently on %s for visitors who also get %s of the campaign %s%s than for "
        "those who get its control%s.",
        variant, goal, interaction->variant, interaction->campaign,
        verdict_uplift(interaction->uplift_with, with),
        verdict_uplift(interaction->uplift_without, without));
}
