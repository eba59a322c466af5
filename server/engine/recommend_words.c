// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recommend_words.h"

#include <math.h>
#include <stdio.h>

const char *recommend_count(double count, char out[RECOMMEND_WORD])
{
    char digits[RECOMMEND_WORD];
    int length = snprintf(digits, sizeof(digits), "%.0f", fmin(count, 1e18)), used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

const char *recommend_uplift(double uplift, char out[RECOMMEND_WORD])
{
    out[0] = '\0';
    if (isfinite(uplift))
        snprintf(out, RECOMMEND_WORD, " (%+.1f %%)", uplift * 100);
    return out;
}

void recommend_say_interaction(const char *variant, const char *goal,
                               const struct recommend_interaction *interaction, char *out,
                               size_t size)
{
    char with[RECOMMEND_WORD], without[RECOMMEND_WORD];
    snprintf(
        out, size,
        "%s works differently on %s for visitors who also get %s of the campaign %s%s than for "
        "those who get its control%s.",
        variant, goal, interaction->variant, interaction->campaign,
        recommend_uplift(interaction->uplift_with, with),
        recommend_uplift(interaction->uplift_without, without));
}
