// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/insight/results_insight.h"
#include "results/say/shape_rows.h"

#define OF struct results_corrected
static const struct shape_row corrected_rows[] = {
    FIXED("method", "conditional", "given that the bar was passed, by the truncated normal"),
    DOUBLE("bar", bar, "that the statistic had to pass"),
    NUMBER("difference", difference, "median-unbiased"),
    INTERVAL("interval", interval, "of the difference"),
    NUMBER("uplift", uplift, "over the control's value, taken as known"),
    INTERVAL("uplift_interval", uplift_interval, "of the uplift"),
    END,
};
static const struct shape corrected_shape = {"results_corrected", sizeof(OF), corrected_rows};
#undef OF

#define OF struct results_standing_arm
static const struct shape_row arm_rows[] = {
    TEXT("key", key, "of the variant"),
    NUMBER("chance_to_be_best", best, "of all variants, the control too"),
    NUMBER("chance_to_be_of_best_two", top_two, "of all variants, the control too"),
    NUMBER("expected_loss", loss, "of choosing it, against the best, in the metric's unit"),
    OR_NULL("corrected", const struct results_corrected *, corrected, &corrected_shape,
            "the difference, less what luck adds to one that was called; null: not called, or by "
            "planned looks, whose own estimate is corrected"),
    END,
};
static const struct shape arm_shape = {"results_insight_arm", sizeof(OF), arm_rows};
#undef OF

#define OF struct results_outlook
static const struct shape_row outlook_rows[] = {
    DOUBLE("days", days, "from now on"),
    DOUBLE("units", units, "of all variants then, at the traffic there is"),
    DOUBLE("better", better, "chance that the leader is called better then, over what is known"),
    DOUBLE("worse", worse, "chance that it is called worse"),
    NUMBER("at_minimum", at_minimum, "chance to be called better if it has the minimum uplift"),
    END,
};
static const struct shape outlook_shape = {"results_outlook", sizeof(OF), outlook_rows};
#undef OF

#define OF struct results_insight
static const struct shape_row insight_rows[] = {
    TEXT("metric", metric, "that decides"),
    STATUS("status", status, "ok, or why the variants have no chances"),
    LIST("variants", const struct results_standing_arm *, arms, arm_count, &arm_shape,
         "which one is the best"),
    TEXT("leader", leader, "the treatment with the best chance", .marks = SHAPE_NULLABLE),
    LIST("outlook", const struct results_outlook *, outlooks, outlook_count, &outlook_shape,
         "whether more days would help; empty: it was called, or nobody comes any more"),
    END,
};
const struct shape results_insight_shape = {"results_insight", sizeof(OF), insight_rows};
#undef OF
