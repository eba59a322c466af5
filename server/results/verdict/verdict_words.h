// SPDX-License-Identifier: GPL-3.0-or-later
/* Words that verdicts and cautions share. */
#pragma once

#include <stddef.h>

enum { VERDICT_WORD = 32 };

/* Of a treatment on those who met a variant of another campaign, and on those who met its control
 * instead: the effect is not the same. */
struct verdict_interaction {
    const char *campaign, *variant;     /* the other one's */
    double uplift_with, uplift_without; /* NAN: unknown */
};

/* What a sentence tells in names and figures, so that others can say it in their own words: what it
 * does not tell is NULL or NAN. Names are borrowed from the facts. */
struct verdict_figures {
    const char *metric;                      /* its name */
    const char *campaign, *campaign_variant; /* another one */
    double uplift;                           /* of the variant */
    double uplift_with, uplift_without;      /* the other campaign's variant */
    double p;                                /* of the sizes */
    double conversions;                      /* fewest of a variant */
    double days_left;                        /* until the needed units have come, at this pace */
    double minimum_uplift;                   /* that was to be found */
    double largest, share;                   /* what one visitor has, and its part of the sum */
};

extern const struct verdict_figures verdict_no_figures;
struct verdict_figures verdict_interaction_figures(const char *goal,
                                                   const struct verdict_interaction *interaction);

/* "1,234,567" */
const char *verdict_count(double count, char out[VERDICT_WORD]);
/* " (+3.2 %)", or nothing where the uplift is not known. */
const char *verdict_uplift(double uplift, char out[VERDICT_WORD]);
/* One sentence on what a variant does to the goal. */
void verdict_say_interaction(const char *variant, const char *goal,
                             const struct verdict_interaction *interaction, char *out, size_t size);
