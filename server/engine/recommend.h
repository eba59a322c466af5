// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What to do now, in one sentence, and the rule that says so. Pure: a small struct of facts in, a
 * recommendation out; the rules stand in one table in the order of their priority, and the first
 * that applies speaks. A winner or loser is whatever the campaign's own test (always valid, or
 * planned) calls one: a chance to win is not among the facts, because read often enough it calls a
 * winner where there is none.
 */
#pragma once

#include "engine/recommend_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One unit that holds a good part of a sum. */
struct recommend_outlier {
    const char *metric, *variant;
    double largest, share; /* its value, and what part of the variant's sum that is */
};

/* A treatment against the control, over all primary metrics. */
struct recommend_variant {
    const char *key;
    bool is_better, is_worse; /* at least one primary metric was called so */
    double uplift;            /* relative, of the first primary metric; NAN: unknown */
    const char *harmed;       /* name of a guardrail that is called worse, or NULL */
    const char *unsafe;       /* name of one that may still lose more than its margin, or NULL */
    const struct recommend_interaction *interaction; /* the strongest, or NULL */
};

struct recommend_facts {
    const char *goal; /* name of the first primary metric; NULL: there is none */
    const struct recommend_variant *variants;
    size_t variant_count; /* treatments only */
    bool has_control;
    bool is_less_better; /* of the goal */
    bool is_computing;   /* a metric is still made */
    bool is_over;        /* nobody is allotted any more */
    bool is_mismatch;    /* the sizes do not fit the weights */
    bool is_fading;      /* the effect shrinks from day to day */
    const struct recommend_outlier *outliers;
    size_t outlier_count;
    const char *entangled; /* a campaign whose split depends on the variant here, or NULL */
    double srm_p;
    double units;              /* over all variants */
    double fewest_units;       /* in an arm */
    double fewest_conversions; /* in an arm; INFINITY where the goal counts none */
    double days;               /* since the phase began */
    double needed_units;       /* planned, or what the minimum uplift takes; 0: unknown */
    double minimum_uplift;
};

enum recommend_verdict {
    RECOMMEND_BROKEN,
    RECOMMEND_STOP,
    RECOMMEND_SHIP,
    RECOMMEND_GO_ON,
    RECOMMEND_NOT_ENOUGH,
};

/* Room for a name or two of 200 bytes, and keys. */
enum { RECOMMEND_TEXT = 1000, RECOMMEND_CAUTIONS = 8 };

struct recommendation {
    enum recommend_verdict verdict;
    const char *rule;    /* static */
    const char *variant; /* that it is about, borrowed from the facts; NULL: none in particular */
    char text[RECOMMEND_TEXT];
};

/* Something to know beside the recommendation, whatever it is. */
struct recommend_caution {
    const char *rule; /* static */
    char text[RECOMMEND_TEXT];
};

struct recommendation recommend(const struct recommend_facts *facts);

/* recommend_caution.c: how many there are, the most important first; what the answer says itself
 * is not said again. */
size_t recommend_cautions(const struct recommend_facts *facts, const struct recommendation *answer,
                          struct recommend_caution ret_cautions[RECOMMEND_CAUTIONS]);

/* "ship", "stop", "go_on", "not_enough", "broken". */
const char *recommend_verdict_name(enum recommend_verdict verdict);
