// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/say/distribution_shape.h"

#include "results/distribution/distribution.h"
#include "results/say/shape_rows.h"

#define OF struct distribution_quantile
static const struct shape_row quantile_rows[] = {
    DOUBLE("quantile", q, "which one"),
    STATUS("status", quantile.status, "ok, or why there is no answer"),
    NUMBER("value", quantile.value, "the quantile"),
    INTERVAL("interval", quantile.interval, "of it"),
    END,
};
static const struct shape quantile_shape = {"distribution_quantile", sizeof(OF), quantile_rows};
#undef OF

#define OF struct distribution_quantile_effect
static const struct shape_row quantile_effect_rows[] = {
    DOUBLE("quantile", q, "which one"),
    STATUS("status", difference.effect.status, "ok, or why there is no answer"),
    NUMBER("difference", difference.effect.diff, "treatment - control"),
    INTERVAL("interval", difference.mover, "of it"),
    END,
};
static const struct shape quantile_effect_shape = {"distribution_quantile_effect", sizeof(OF),
                                                   quantile_effect_rows};
#undef OF

#define OF struct stats_effect
static const struct shape_row capped_rows[] = {
    FIXED("method", "welch", "the test"),
    STATUS("status", status, "ok, or why there is no answer"),
    NUMBER("difference", diff, "treatment - control"),
    NUMBER("se", se, "its standard error"),
    INTERVAL("interval", interval, "of the difference"),
    NUMBER("uplift", uplift, "the difference over the control's value"),
    INTERVAL("uplift_interval", uplift_interval, "of the uplift"),
    NUMBER("statistic", statistic, "t"),
    NUMBER("df", df, "degrees of freedom"),
    NUMBER("p", p_two_sided, "for one look"),
    END,
};
static const struct shape capped_shape = {"distribution_capped", sizeof(OF), capped_rows};
#undef OF

#define OF struct distribution_ranks
static const struct shape_row ranks_rows[] = {
    FIXED("method", "mann_whitney", "the test"),
    BOOL("is_exact", is_exact, "p is that of all permutations"),
    STATUS("status", rank.status, "ok, or why there is no answer"),
    NUMBER("superiority", rank.superiority, "that a treatment's value is larger, ties half"),
    INTERVAL("interval", rank.interval, "of the superiority"),
    NUMBER("u", rank.u, "pairs with the treatment larger, ties half"),
    NUMBER("z", rank.z, "u as a normal deviate"),
    NUMBER("p", p, "for one look"),
    NUMBER("brunner_munzel_p", rank.bm_p, "where the arms spread differently"),
    END,
};
static const struct shape ranks_shape = {"distribution_ranks", sizeof(OF), ranks_rows};
#undef OF

#define OF struct distribution_effect
static const struct shape_row effect_rows[] = {
    INSIDE("capped", struct stats_effect, capped, &capped_shape, "of the capped sums"),
    INSIDE("ranks", struct distribution_ranks, ranks, &ranks_shape,
           "whether the treatment's values tend to be larger"),
    LIST("quantiles", const struct distribution_quantile_effect *, shown, quantile_count,
         &quantile_effect_shape, "their differences"),
    END,
};
static const struct shape effect_shape = {"distribution_effect", sizeof(OF), effect_rows};
#undef OF

#define OF struct distribution_arm
static const struct shape_row arm_rows[] = {
    TEXT("key", key, "of the variant"),
    TEXTS("warnings", warnings, warning_count, "outlier: one unit holds a good part of the sum"),
    COUNT("units", units, "that have a value"),
    COUNT("zeros", zeros, "of these, with the value 0"),
    NUMBER("largest", largest, "value"),
    NUMBER("largest_share", largest_share, "of the variant's sum"),
    COUNT("capped_units", capped_units, "whose value is above the cap"),
    NUMBER("capped_sum", capped_sum, "with the cap instead of what is above"),
    NUMBER("capped_value", capped_value, "mean with the cap"),
    NUMBER("capped_se", capped_se, "its standard error"),
    LIST("quantiles", const struct distribution_quantile *, shown, quantile_count, &quantile_shape,
         "median, 90 % and 95 %"),
    MAYBE("effect", const struct distribution_effect *, effect, &effect_shape,
          "against the control"),
    END,
};
static const struct shape arm_shape = {"distribution_arm", sizeof(OF), arm_rows};
#undef OF

#define OF struct distribution_document
static const struct shape_row document_rows[] = {
    CHOICE("values", is_mean,
           "what a unit's value is; four digits of it where units have more than 100,000 different "
           "ones",
           "sum_of_unit", "mean_of_unit"),
    DOUBLE("cap_quantile", cap_quantile, "of the values that are not 0"),
    NUMBER("cap", cap, "that quantile, of all variants together"),
    COUNT("capped_units", capped_units, "whose value is above the cap"),
    TEXTS("warnings", warnings, warning_count, "outlier: one unit holds a good part of the sum"),
    LIST("variants", const struct distribution_arm *, arms, arm_count, &arm_shape,
         "and how their values lie"),
    END,
};
const struct shape distribution_shape = {"distribution_made", sizeof(OF), document_rows};
#undef OF

struct stored {
    const char *as_of;
    struct distribution_document document;
};

#define OF struct stored
static const struct shape_row stored_rows[] = {
    TIME("as_of", as_of, "when it was made"),
    MEMBERS(struct distribution_document, document, &distribution_shape),
    END,
};
const struct shape distribution_stored_shape = {"distribution", sizeof(OF), stored_rows};
#undef OF
