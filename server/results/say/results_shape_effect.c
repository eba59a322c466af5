// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_document.h"
#include "results/say/shape_rows.h"

_Static_assert(offsetof(struct shape_number, is_known) == offsetof(struct stats_number, is_known) &&
                   sizeof(struct shape_number) == sizeof(struct stats_number) &&
                   offsetof(struct shape_interval, upper) ==
                       offsetof(struct stats_interval, upper) &&
                   offsetof(struct shape_interval, is_known) ==
                       offsetof(struct stats_interval, is_known),
               "numbers and intervals are read as those of stats/");

const char *shape_status(unsigned status)
{
    return stats_status_name((enum stats_status)status);
}

static const char *warning_word(unsigned bit)
{
    return stats_warning_name((enum stats_warning)bit);
}

#define OF struct stats_effect
static const struct shape_row skewed_rows[] = {
    FIXED("method", "hall", "Hall's transformation of Welch's t"),
    INTERVAL("interval", interval, "of the difference"),
    NUMBER("statistic", statistic, "the transformed t"),
    NUMBER("p", p_two_sided, "two-sided, for one look"),
    END,
};
static const struct shape skewed_shape = {"results_skew_corrected", sizeof(OF), skewed_rows};
#undef OF

#define OF struct results_effect
static const struct shape_row frequentist_rows[] = {
    WORD("method", method, "the test", "two_proportion", "welch", "delta"),
    STATUS("status", frequentist.status, "ok, or why there is no answer"),
    NUMBER("difference", frequentist.diff, "treatment - control"),
    NUMBER("se", frequentist.se, "standard error of the difference"),
    INTERVAL("interval", frequentist.interval, "of the difference"),
    NUMBER("uplift", frequentist.uplift, "the difference over the control's value"),
    INTERVAL("uplift_interval", frequentist.uplift_interval, "of the uplift"),
    WORD("statistic_name", method, "what the statistic is", "z", "t", "t"),
    NUMBER("statistic", frequentist.statistic, "of the test"),
    NUMBER("df", frequentist.df, "degrees of freedom; null of z"),
    NUMBER("p", frequentist.p_two_sided, "two-sided, for one look"),
    NUMBER("log10_p", frequentist.log10_p, "exact where p underflows"),
    NUMBER("pooled_z", prop.z_pooled, "the pooled test of two rates", HAS(is_proportion)),
    NUMBER("pooled_p", prop.p_pooled, "its p", HAS(is_proportion)),
    INTERVAL("wald_interval", prop.wald, "Wald's, of the difference", HAS(is_proportion)),
    ROW(SHAPE_BITS, unsigned, "warnings", frequentist.warnings, "what the method warns of",
        .word = warning_word),
    INSIDE("skew_corrected", struct stats_effect, skewed, &skewed_shape,
           "where few visitors make most of the sum and one arm is 1.5 times the other: Welch's "
           "test leans to one side there",
           HAS(is_skewed)),
    END,
};
static const struct shape frequentist_shape = {"results_frequentist", sizeof(OF), frequentist_rows};

static const struct shape_row prior_rows[] = {
    DOUBLE("a", prior.a, "of a Beta prior", HAS(prior.is_beta)),
    DOUBLE("b", prior.b, "of a Beta prior", HAS(prior.is_beta)),
    DOUBLE("mean", prior.mean, "of a normal prior", HAS(prior.is_normal)),
    NUMBER("sd", prior.sd, "of a normal prior; null: flat", HAS(prior.is_normal)),
    END,
};
static const struct shape prior_shape = {"results_prior", sizeof(OF), prior_rows};

static const struct shape_row bayesian_rows[] = {
    WORD("method", method, "the model", "beta_binomial", "normal", "normal"),
    SELF("prior", &prior_shape, "what was believed before"),
    STATUS("status", bayesian.status, "ok, or why there is no answer"),
    NUMBER("mean", bayesian.mean, "of the difference"),
    NUMBER("chance_to_win", bayesian.chance_to_win, "that the treatment's value is larger"),
    NUMBER("expected_loss", bayesian.loss_choose_treatment, "of choosing the treatment"),
    NUMBER("expected_loss_control", bayesian.loss_choose_control, "of choosing the control"),
    INTERVAL("interval", bayesian.interval, "credible, of the difference"),
    INTERVAL("uplift_interval", bayesian.uplift_interval, "credible, of the uplift"),
    END,
};
static const struct shape bayesian_shape = {"results_bayesian", sizeof(OF), bayesian_rows};
#undef OF

#define OF struct results_cuped
static const struct shape_row cuped_rows[] = {
    FIXED("method", "cuped", "how the past is taken out"),
    INT("pre_period_days", pre_period_days, "how long before the exposure is looked at"),
    STATUS("status", status, "ok, or why there is no answer"),
    CHOICE("slopes", is_own, "of both arms together, or one of each", "pooled", "per_arm"),
    NUMBER("theta", theta, "slope on the metric before, of the treatment"),
    NUMBER("theta_control", theta_control, "slope on the metric before, of the control"),
    NUMBER("theta_missing", theta_missing, "slope on not being seen before, of the treatment"),
    NUMBER("theta_missing_control", theta_missing_control, "the same, of the control"),
    NUMBER("control", effect.control, "the control's adjusted value"),
    NUMBER("value", effect.treatment, "the treatment's adjusted value"),
    NUMBER("difference", effect.diff, "treatment - control"),
    NUMBER("se", effect.se, "standard error of the difference"),
    INTERVAL("interval", effect.interval, "of the difference"),
    NUMBER("uplift", effect.uplift, "the difference over the control's value"),
    INTERVAL("uplift_interval", effect.uplift_interval, "of the uplift"),
    NUMBER("statistic", effect.statistic, "t"),
    NUMBER("df", effect.df, "degrees of freedom"),
    NUMBER("p", effect.p_two_sided, "two-sided, for one look"),
    NUMBER("variance_reduction", variance_reduction, "the part of the variance that is gone"),
    NUMBER("covariate_balance_p", past_balance, "that the past is the same in both arms"),
    NUMBER("missing_balance_p", missing_balance, "that as many were not seen before in both"),
    TEXTS("warnings", warnings, warning_count, "covariate_imbalance: the arms differed before"),
    END,
};
static const struct shape cuped_shape = {"results_cuped", sizeof(OF), cuped_rows};
#undef OF

#define OF struct results_cell
static const struct shape_row now_rows[] = {
    STATUS("status", sequential.now.status, "ok, or why there is no answer"),
    NUMBER("p", sequential.now.p, "always valid"),
    INTERVAL("interval", sequential.now.interval, "of the difference"),
    INTERVAL("uplift_interval", sequential.now.uplift_interval, "of the uplift"),
    END,
};
static const struct shape now_shape = {"results_sequential_now", sizeof(OF), now_rows};

static const struct shape_row sequential_rows[] = {
    FIXED("method", "normal_mixture", "the always-valid test: a mean of three scales"),
    STATUS("status", sequential.status, "ok, or why there is no answer"),
    DOUBLE("alpha", sequential.alpha, "the error that all looks share"),
    DOUBLE("tuned_units", path.tuned_units, "units of both arms, by which the smallest scale is"),
    DOUBLE("rho", path.rho, "the smallest scale in standard deviations of one unit"),
    NUMBER("tau", sequential.tau, "the smallest scale now; the others are 8^0.5 and 8 times it"),
    INTERVAL("range", sequential.range,
             "it is sharp for: effects, over the one that tuned_units are planned for"),
    COUNT("looks", sequential.looks, "that counted"),
    NUMBER("p", sequential.p, "the smallest of all looks"),
    NUMBER("log10_p", sequential.log10_p, "exact where p underflows"),
    INTERVAL("interval", sequential.interval, "common to all looks, of the difference"),
    INTERVAL("uplift_interval", sequential.uplift_interval, "common to all looks, of the uplift"),
    SELF("now", &now_shape, "this moment alone"),
    END,
};
static const struct shape sequential_shape = {"results_sequential", sizeof(OF), sequential_rows};

static const struct shape_row trend_rows[] = {
    FIXED("method", "weighted_least_squares", "a line through what each look added"),
    STATUS("status", trend.line.status, "ok, or why there is no answer"),
    COUNT("looks", trend.looks, "that counted"),
    NUMBER("slope", trend.line.slope, "of the difference, a day"),
    INTERVAL("interval", trend.line.slope_interval, "of the slope"),
    NUMBER("p", trend.line.p_two_sided, "that there is no slope"),
    NUMBER("first", trend.line.first, "the line's value on the first day"),
    NUMBER("last", trend.line.last, "the line's value on the last day"),
    NUMBER("fit_p", trend.line.fit_p, "that the days scatter as their errors say"),
    BOOL("is_fading", trend.is_fading, "the effect shrinks from day to day"),
    END,
};
static const struct shape trend_shape = {"results_trend", sizeof(OF), trend_rows};
#undef OF

#define OF struct results_planned_look_document
static const struct shape_row planned_look_rows[] = {
    TEXT("day", day, "that closed; null: the end of the phase, or to come",
         .marks = SHAPE_NULLABLE),
    BOOL("came", has_come, "the look was taken"),
    DOUBLE("information", information, "units that count over the planned ones"),
    DOUBLE("bound", bound, "that z must cross", .marks = SHAPE_NULLABLE),
    DOUBLE("nominal_p", nominal_p, "of the bound", .marks = SHAPE_NULLABLE),
    DOUBLE("spent", spent, "error spent up to here", .marks = SHAPE_NULLABLE),
    NUMBER("z", z, "the test as a normal deviate"),
    INTERVAL("interval", interval, "holds at all looks together"),
    BOOL("crossed", has_crossed, "the bound was crossed here first"),
    END,
};
static const struct shape planned_look_shape = {"results_planned_look", sizeof(OF),
                                                planned_look_rows};
#undef OF

#define OF struct results_inference
static const struct shape_row inference_rows[] = {
    FIXED("method", "stagewise", "the order of outcomes"),
    STATUS("status", status, "ok, or why there is no answer"),
    ONE_OF("reason", reason, "why the test came to its end", "crossed", "last_look"),
    INT("look", look, "its number, from 1"),
    DOUBLE("confidence", confidence, "of the intervals"),
    NUMBER("p", p, "stage-wise"),
    NUMBER("log10_p", log10_p, "exact where p underflows"),
    NUMBER("difference", diff, "median-unbiased"),
    INTERVAL("interval", interval, "of the difference"),
    NUMBER("uplift", uplift, "the difference over the control's value"),
    INTERVAL("uplift_interval", uplift_interval, "of the uplift"),
    DOUBLE("units_since", units_since, "that count now, and did not at that look"),
    END,
};
static const struct shape inference_shape = {"results_inference", sizeof(OF), inference_rows};
#undef OF

#define OF struct results_group_document
static const struct shape_row group_rows[] = {
    ONE_OF("spending", spending, "how the error is spent", "obrien_fleming", "pocock"),
    DOUBLE("alpha", alpha, "the error of this metric"),
    DOUBLE("information", information, "at the last look"),
    DOUBLE("overrun_units", overrun_units, "beyond the planned ones"),
    BOOL("crossed", has_crossed, "a bound was crossed"),
    BOOL("complete", is_complete, "the planned units are there"),
    BOOL("ended_early", is_ended_early, "nobody is allotted any more, and units are missing"),
    LIST("looks", const struct results_planned_look_document *, looks, look_count,
         &planned_look_shape, "that came, then those to come"),
    OR_NULL("inference", const struct results_inference *, inference, &inference_shape,
            "once a bound was crossed or the last look came"),
    END,
};
static const struct shape group_shape = {"results_group", sizeof(OF), group_rows};
#undef OF

#define OF struct results_planned
static const struct shape_row fixed_rows[] = {
    BOOL("complete", is_final, "the planned units are there"),
    NUMBER("p", effect.p_two_sided, "of the moment they were there"),
    NUMBER("difference", effect.diff, "treatment - control, of that moment"),
    INTERVAL("interval", effect.interval, "of the difference"),
    INTERVAL("uplift_interval", effect.uplift_interval, "of the uplift"),
    END,
};
static const struct shape fixed_shape = {"results_fixed", sizeof(OF), fixed_rows};
#undef OF

#define OF struct results_planned_document
static const struct shape_row planned_rows[] = {
    ONE_OF("method", method, "what was planned", "group_sequential", "fixed"),
    STATUS("status", status, "ok, or why there is no answer"),
    DOUBLE("planned_units", planned_units, "over all variants"),
    DOUBLE("units", units, "over all variants, now"),
    MEMBERS(const struct results_group_document *, group, &group_shape,
            .marks = SHAPE_AT | SHAPE_OPTIONAL),
    MEMBERS(const struct results_planned *, fixed, &fixed_shape,
            .marks = SHAPE_AT | SHAPE_OPTIONAL),
    END,
};
static const struct shape planned_shape = {"results_planned", sizeof(OF), planned_rows};
#undef OF

#define OF struct results_adjusted
static const struct shape_row adjusted_rows[] = {
    COUNT("size", size, "questions asked together"),
    NUMBER("p", p, "corrected"),
    DOUBLE("confidence", confidence, "of the intervals, so that they hold together"),
    INTERVAL("interval", interval, "of the difference"),
    INTERVAL("uplift_interval", uplift_interval, "of the uplift"),
    END,
};
static const struct shape adjusted_shape = {"results_adjusted", sizeof(OF), adjusted_rows};
#undef OF

#define OF struct results_multiplicity
static const struct shape_row multiplicity_rows[] = {
    TEXT("method", method, "of the correction"),
    ONE_OF("of", of, "whose p is corrected", "sequential", "planned"),
    ONE_OF("family", family, "the metrics asked together", "primary", "secondary"),
    ONE_OF("scope", scope, "each metric alone, or all of the campaign", "metric", "campaign"),
    MEMBERS(const struct results_adjusted *, adjusted, &adjusted_shape, .marks = SHAPE_AT),
    END,
};
static const struct shape multiplicity_shape = {"results_multiplicity", sizeof(OF),
                                                multiplicity_rows};
#undef OF

#define OF struct results_noninferiority
static const struct shape_row noninferiority_rows[] = {
    WORD("method", method, "the test", "score_ratio", "welch", "delta"),
    STATUS("status", status, "ok, or why there is no answer"),
    DOUBLE("margin", margin, "that may be lost"),
    NUMBER("statistic", statistic, "of the test at the margin"),
    NUMBER("df", df, "degrees of freedom"),
    NUMBER("p", p, "that more than the margin is lost"),
    ONE_OF("verdict", verdict, "by the always-valid interval", "kept", "harmed", "open"),
    FIXED("verdict_of", "sequential", "what the verdict goes by"),
    END,
};
static const struct shape noninferiority_shape = {"results_noninferiority", sizeof(OF),
                                                  noninferiority_rows};
#undef OF

#define OF struct results_factor
static const struct shape_row factor_rows[] = {
    DOUBLE("control", control, "the control's value"),
    DOUBLE("treatment", treatment, "the treatment's value"),
    NUMBER("uplift", uplift, "of this factor"),
    INTERVAL("uplift_interval", uplift_interval, "of the uplift"),
    END,
};
static const struct shape factor_shape = {"results_factor", sizeof(OF), factor_rows};
#undef OF

#define OF struct results_decomposition
#define FACTOR(name_, index_, meaning_)                                                            \
    INSIDE(name_, struct results_factor, factors[index_], &factor_shape, meaning_, HAS(is_known))
static const struct shape_row decomposition_rows[] = {
    FIXED("method", "log_ratio", "of the intervals"),
    CHOICE("status", is_known, "whether the factors are known", "unknown", "ok"),
    TEXT("reason", why, "why not", .marks = SHAPE_OPTIONAL),
    DOUBLE("confidence", confidence, "of the intervals"),
    FACTOR("conversion", FACTOR_CONVERSION, "how many buy"),
    FACTOR("orders_per_buyer", FACTOR_ORDERS, "how often"),
    FACTOR("average_order_value", FACTOR_VALUE, "for how much"),
    FACTOR("revenue_per_visitor", FACTOR_WHOLE, "their product"),
    END,
};
static const struct shape decomposition_shape = {"results_decomposition", sizeof(OF),
                                                 decomposition_rows};
#undef OF

#define OF struct results_impact
static const struct shape_row impact_rows[] = {
    NUMBER("per_thousand", thousand, "more, of a thousand visitors"),
    INTERVAL("per_thousand_interval", thousand_interval, "always valid"),
    NUMBER("per_month", month, "more a month, at the traffic there is; null: of less than a week"),
    INTERVAL("per_month_interval", month_interval, "always valid"),
    END,
};
const struct shape results_impact_shape = {"results_impact", sizeof(OF), impact_rows};
#undef OF

#define OF struct results_effect_document
static const struct shape_row effect_rows[] = {
    INSIDE("frequentist", struct results_effect, effect, &frequentist_shape, "for one look"),
    INSIDE("bayesian", struct results_effect, effect, &bayesian_shape, "what to believe"),
    OR_NULL("adjusted", const struct results_cuped *, cuped, &cuped_shape,
            "what was before taken out; null without a pre-period", HAS(has_control)),
    MAYBE("sequential", const struct results_cell *, cell, &sequential_shape,
          "to be read at any time"),
    MAYBE("trend", const struct results_cell *, cell, &trend_shape, "whether the effect wears off"),
    MAYBE("planned", const struct results_planned_document *, planned, &planned_shape,
          "the test that was planned"),
    MAYBE("multiplicity", const struct results_multiplicity *, multiplicity, &multiplicity_shape,
          "corrected for the questions asked together"),
    MAYBE("noninferiority", const struct results_noninferiority *, noninferiority,
          &noninferiority_shape, "of a guardrail: whether it holds"),
    MAYBE("decomposition", const struct results_decomposition *, decomposition,
          &decomposition_shape, "of revenue: which part of it changed"),
    MAYBE("impact", const struct results_impact *, impact, &results_impact_shape,
          "what the difference comes to in the metric's unit; absent of a broken split, of too few "
          "data, and of a mean per event or a ratio"),
    END,
};
const struct shape results_effect_shape = {"results_effect", sizeof(OF), effect_rows};
#undef OF
