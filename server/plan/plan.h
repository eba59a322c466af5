// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Planning an experiment: from what is wished to how many visitors and weeks, or from these to what
 * can be seen. Variants share visitors equally, each is compared with the control, and the error is
 * shared among these comparisons (Bonferroni).
 */
#pragma once

#include "base/err.h"
#include "base/text.h"
#include "stats/stats.h"

#include <stdint.h>

enum plan_test { PLAN_FIXED, PLAN_ALWAYS_VALID, PLAN_GROUP };

/* Numbers that were not given are NAN, counts 0. */
struct plan_wish {
    double rate, mean, sd;     /* rate, or mean and sd */
    double uplift, difference; /* at most one */
    double confidence, power, coverage, daily;
    int64_t visitors, days, variants, sides, looks;
    enum plan_test test;
};

struct plan {
    struct plan_wish wish;
    struct stats_design design; /* of one comparison */
    struct stats_group group;   /* PLAN_GROUP */
    double inflation;           /* visitors over those of a fixed test */
    double baseline, difference;
    double per_variant; /* visitors */
    double power;       /* found with them */
};

/* The word for a test on the command line and in JSON: "fixed"… Ends with NULL. */
extern const char *const plan_tests[];

/* What was asked: visitors and time when an effect is given, the smallest effect when visitors or
 * days are, the power when both are. ERR_INVALID points to the member of the wish. */
enum err plan_make(const struct plan_wish *wish, struct plan *ret,
                   struct fault *ret_fault) must_use;

/* The smallest difference that is seen with so many visitors a variant; 0: none is. */
double plan_detectable(const struct plan *p, double per_variant);

/* Power to see 'difference' with so many visitors a variant. */
double plan_power(const struct plan *p, double per_variant, double difference);

/* Visitors a variant that come in so many days; NAN when no traffic was given. */
double plan_visitors_in(const struct plan *p, double days);

/*
 * Visitors in all variants until an always-valid test calls an effect 'times' the planned one, on
 * average; at most, see stats_mixture_stop. NAN of other tests, and where no such effect can be.
 */
double plan_stop(const struct plan *p, double times);

/* Return what all variants need together; days and weeks are 0 when no traffic was given. */
double plan_visitors(const struct plan *p);
double plan_days(const struct plan *p);
double plan_weeks(const struct plan *p);

/* Appends the plan as a JSON object, with its power by visitors and, where the traffic is known,
 * the smallest effect that is seen by weeks. */
void plan_write(const struct plan *p, struct buf *out);
