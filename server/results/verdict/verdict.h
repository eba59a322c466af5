// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What to do now, in one sentence, and the rule that says so. Pure: a small struct of facts in, a
 * verdict out; the rules stand in one table in the order of their priority, and the first
 * that applies speaks. A winner or loser is whatever the campaign's own test (always valid, or
 * planned) calls one: a chance to win is not among the facts, because read often enough it calls a
 * winner where there is none.
 */
#pragma once

#include "results/verdict/verdict_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One unit that holds a good part of a sum. */
struct verdict_outlier {
    const char *metric, *variant;
    double largest, share; /* its value, and what part of the variant's sum that is */
};

/* A treatment against the control, over all primary metrics. */
struct verdict_variant {
    const char *key;
    bool is_better, is_worse; /* at least one primary metric was called so */
    double uplift;            /* relative, of the first primary metric; NAN: unknown */
    const char *harmed;       /* name of a guardrail that is called worse, or NULL */
    const char *unsafe;       /* name of one that may still lose more than its margin, or NULL */
    const struct verdict_interaction *interaction; /* the strongest, or NULL */
};

struct verdict_facts {
    const char *goal; /* name of the first primary metric; NULL: there is none */
    const struct verdict_variant *variants;
    size_t variant_count; /* treatments only */
    bool has_control;
    bool is_less_better; /* of the goal */
    bool is_computing;   /* a metric, or a look of what is over, is still made */
    bool is_over;        /* nobody is allotted any more */
    bool is_mismatch;    /* the sizes do not fit the weights */
    bool is_fading;      /* the effect shrinks from day to day */
    bool is_spreadless;  /* of the goal the value is known, and no interval */
    bool is_repeated;    /* a unit is counted on each day it came */
    const struct verdict_outlier *outliers;
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

enum verdict_answer {
    VERDICT_BROKEN,
    VERDICT_STOP,
    VERDICT_SHIP,
    VERDICT_GO_ON,
    VERDICT_NOT_ENOUGH,
};

/* Room for a name or two of 200 bytes, and keys. */
enum { VERDICT_TEXT = 1000, VERDICT_CAUTIONS = 8 };

struct verdict {
    enum verdict_answer answer;
    const char *rule;    /* static */
    const char *variant; /* that it is about, borrowed from the facts; NULL: none in particular */
    char text[VERDICT_TEXT];
    struct verdict_figures figures;
};

/* Something to know beside the verdict, whatever it is. */
struct verdict_caution {
    const char *rule;    /* static */
    const char *variant; /* as in struct verdict */
    char text[VERDICT_TEXT];
    struct verdict_figures figures;
};

struct verdict verdict_of(const struct verdict_facts *facts);

/* Whole days until the needed units have come, at this pace; NAN: that is unknown, as on the
 * first day, none come any more, or it is more than ten years. */
double verdict_days_left(const struct verdict_facts *facts);

/* verdict_caution.c: how many there are, the most important first; what the answer says itself
 * is not said again. */
size_t verdict_cautions(const struct verdict_facts *facts, const struct verdict *verdict,
                        struct verdict_caution ret_cautions[VERDICT_CAUTIONS]);

/* "ship", "stop", "go_on", "not_enough", "broken". */
const char *verdict_answer_name(enum verdict_answer answer);
