// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What every method answers with: a status, numbers that may be unknown, and one shape for an
 * effect of treatment against control. What cannot be computed is marked, never invented: an
 * unknown number has is_known = false and value 0, a known one is finite, and no field ever holds
 * NaN. An interval may hold -INFINITY below or INFINITY above: "no limit on that side".
 *
 * Arm 1 is the control, arm 2 the treatment; effect = treatment - control; uplift =
 * effect / |control|. conf is a confidence or credible level in (0, 1), 0.95 for instance.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Why an answer is incomplete. Every known number of a result stays valid whatever the status. */
enum stats_status {
    STATS_OK,
    STATS_INVALID,              /* arguments outside their domain, or too large: no test */
    STATS_NO_DATA,              /* an arm without units */
    STATS_INSUFFICIENT_DATA,    /* an arm with fewer than two units */
    STATS_ZERO_VARIANCE,        /* no spread at all: no test */
    STATS_BASELINE_ZERO,        /* control is 0: the absolute part is valid, the uplift undefined */
    STATS_FIELLER_UNBOUNDED,    /* control not distinguishable from 0: no finite uplift interval */
    STATS_NO_DENOMINATOR,       /* a ratio whose denominators add up to 0 */
    STATS_COVARIATE_CONSTANT,   /* nothing to adjust by: the unadjusted answer is given */
    STATS_TOO_FEW_FOR_QUANTILE, /* the interval's ranks fall outside the sample: limits are clamped
                                 */
    STATS_UNREACHABLE,          /* no effect has the power asked for */
    STATS_NO_SPREAD,            /* a sum without its squares: the value alone is known */
    STATS_REPEATED_UNITS,       /* units may be counted several times: the same */
    STATS_SINGLE_ARM,           /* fewer than two arms with a planned share */
    STATS_NOT_CONVERGED,        /* a search found no answer */
};

/* Things a reader should know beside a valid answer; a bit set. */
enum stats_warning {
    STATS_WARN_FEW_CONVERSIONS = 1,     /* fewer than 5 conversions or non-conversions in an arm */
    STATS_WARN_HEAVY_TAIL = 2,          /* n < 355 g1^2: the normal approximation is doubtful */
    STATS_WARN_CANCELLATION = 4,        /* plain sums lost most of their digits */
    STATS_WARN_COVARIATE_IMBALANCE = 8, /* pre-period difference with p < 0.001 */
};

struct stats_number {
    double value;
    bool is_known;
};

struct stats_interval {
    double lower, upper;
    bool is_known;
};

/* A mean, rate or ratio of one arm with the variance of that estimate (its squared se). */
struct stats_estimate {
    double value, variance;
};

/* The frequentist answer: interval, uplift interval and p invert one and the same test. */
struct stats_effect {
    enum stats_status status;
    unsigned warnings;
    double conf;
    struct stats_number control, treatment;   /* the arms' estimates */
    struct stats_number diff, se;             /* treatment - control, and its standard error */
    struct stats_interval interval;           /* of diff */
    struct stats_number uplift;               /* diff / |control| */
    struct stats_interval uplift_interval;    /* of uplift */
    struct stats_number statistic, df;        /* t, or z (df unknown) */
    struct stats_number p_two_sided, log10_p; /* log10_p stays exact where p underflows to 0 */
};

/* The Bayesian answer. Losses are in the metric's own units. */
struct stats_posterior {
    enum stats_status status;
    double conf;
    struct stats_number mean, sd;              /* of treatment - control */
    struct stats_number chance_to_win;         /* P(treatment > control) */
    struct stats_number chance_to_lose;        /* P(treatment < control), exact when tiny */
    struct stats_number loss_choose_treatment; /* E[(control - treatment)+] */
    struct stats_number loss_choose_control;   /* E[(treatment - control)+] */
    struct stats_interval interval;            /* equal-tailed, of treatment - control */
    struct stats_interval uplift_interval;     /* equal-tailed, of the uplift */
    struct stats_number chance_in_rope;        /* P(|treatment - control| < rope) */
    struct stats_number chance_above_rope;     /* P(treatment - control > rope) */
};

/* The status as a word: "ok", "zero_variance"... Static storage. */
const char *stats_status_name(enum stats_status status);

/* One warning as a word: "few_conversions"... Static storage; NULL for a bit without a name. */
const char *stats_warning_name(enum stats_warning warning);

/* A known number; NaN and infinities come out unknown. */
struct stats_number stats_known(double value);

/* A known interval; unknown when a limit is NaN, or infinite on the wrong side. */
struct stats_interval stats_between(double lower, double upper);
