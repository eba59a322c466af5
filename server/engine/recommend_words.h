// SPDX-License-Identifier: GPL-3.0-or-later
/* Words that recommendations and cautions share. */
#pragma once

#include <stddef.h>

enum { RECOMMEND_WORD = 32 };

/* Of a treatment on those who met a variant of another campaign, and on those who met its control
 * instead: the effect is not the same. */
struct recommend_interaction {
    const char *campaign, *variant;     /* the other one's */
    double uplift_with, uplift_without; /* NAN: unknown */
};

/* "1,234,567" */
const char *recommend_count(double count, char out[RECOMMEND_WORD]);
/* " (+3.2 %)", or nothing where the uplift is not known. */
const char *recommend_uplift(double uplift, char out[RECOMMEND_WORD]);
/* One sentence on what a variant does to the goal. */
void recommend_say_interaction(const char *variant, const char *goal,
                               const struct recommend_interaction *interaction, char *out,
                               size_t size);
