// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/result.h"

#include <math.h>
#include <stddef.h>

const char *stats_status_name(enum stats_status status)
{
    switch (status) {
    case STATS_OK:
        return "ok";
    case STATS_INVALID:
        return "invalid";
    case STATS_NO_DATA:
        return "no_data";
    case STATS_INSUFFICIENT_DATA:
        return "insufficient_data";
    case STATS_ZERO_VARIANCE:
        return "zero_variance";
    case STATS_BASELINE_ZERO:
        return "baseline_zero";
    case STATS_FIELLER_UNBOUNDED:
        return "fieller_unbounded";
    case STATS_NO_DENOMINATOR:
        return "no_denominator";
    case STATS_COVARIATE_CONSTANT:
        return "covariate_constant";
    case STATS_TOO_FEW_FOR_QUANTILE:
        return "too_few_for_this_quantile";
    case STATS_UNREACHABLE:
        return "unreachable";
    case STATS_NO_SPREAD:
        return "no_spread";
    case STATS_REPEATED_UNITS:
        return "repeated_units";
    case STATS_SINGLE_ARM:
        return "single_arm";
    case STATS_NOT_CONVERGED:
        return "not_converged";
    }
    return "invalid";
}

const char *stats_warning_name(enum stats_warning warning)
{
    switch (warning) {
    case STATS_WARN_FEW_CONVERSIONS:
        return "few_conversions";
    case STATS_WARN_HEAVY_TAIL:
        return "heavy_tail";
    case STATS_WARN_CANCELLATION:
        return "cancellation";
    case STATS_WARN_COVARIATE_IMBALANCE:
        return "covariate_imbalance";
    }
    return NULL;
}

struct stats_number stats_known(double value)
{
    if (!isfinite(value))
        return (struct stats_number){0};
    return (struct stats_number){.value = value, .is_known = true};
}

struct stats_interval stats_between(double lower, double upper)
{
    if (isnan(lower) || isnan(upper) || lower == INFINITY || upper == -INFINITY)
        return (struct stats_interval){0};
    return (struct stats_interval){.lower = lower, .upper = upper, .is_known = true};
}
