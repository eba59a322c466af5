// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_document.h"
#include "results/say/distribution_shape.h"
#include "results/say/shape_rows.h"

#define OF struct results_arm
static const struct shape_row raw_rows[] = {
    COUNT("n", sums.units, "units"),
    DIGITS("sum_n", sums.n, "of the numerator, in steps of one over scale where it sums values"),
    DIGITS("sum_d", sums.d, "of the denominator"),
    DIGITS("sum_nn", sums.nn, "of the numerator's squares", .marks = SHAPE_NULLABLE),
    DIGITS("sum_nd", sums.nd, "of the products of both", .marks = SHAPE_NULLABLE),
    DIGITS("sum_dd", sums.dd, "of the denominator's squares", .marks = SHAPE_NULLABLE),
    DIGITS("sum_nnn", sums.nnn, "of the numerator's cubes", .marks = SHAPE_NULLABLE),
    LONG("scale", scale, "of the fixed point"),
    DIGITS("sum_x", sums.pre.x, "of the numerator before the exposure", .marks = SHAPE_NULLABLE),
    DIGITS("sum_y", sums.pre.y, "of the denominator before the exposure", .marks = SHAPE_NULLABLE),
    DIGITS("sum_xx", sums.pre.xx, "of the squares of x", .marks = SHAPE_NULLABLE),
    DIGITS("sum_xy", sums.pre.xy, "of the products of x and y", .marks = SHAPE_NULLABLE),
    DIGITS("sum_yy", sums.pre.yy, "of the squares of y", .marks = SHAPE_NULLABLE),
    DIGITS("sum_nx", sums.pre.nx, "of the products of n and x", .marks = SHAPE_NULLABLE),
    DIGITS("sum_ny", sums.pre.ny, "of the products of n and y", .marks = SHAPE_NULLABLE),
    DIGITS("sum_dx", sums.pre.dx, "of the products of d and x", .marks = SHAPE_NULLABLE),
    DIGITS("sum_dy", sums.pre.dy, "of the products of d and y", .marks = SHAPE_NULLABLE),
    DIGITS("missing", sums.pre.m, "units that were not seen before their exposure",
           .marks = SHAPE_NULLABLE),
    DIGITS("sum_nm", sums.pre.nm, "of n over those", .marks = SHAPE_NULLABLE),
    DIGITS("sum_dm", sums.pre.dm, "of d over those", .marks = SHAPE_NULLABLE),
    END,
};
static const struct shape raw_shape = {"results_raw", sizeof(OF), raw_rows};

static const struct shape_row arm_rows[] = {
    COUNT("units", sums.units, "visitors that count"),
    STATUS("status", status, "ok, or why there is no value"),
    NUMBER("sum", sum, "of the numerator, in the metric's unit"),
    NUMBER("denominator", denominator, "of a mean or ratio", HAS(has_denominator)),
    NUMBER("value", value, "rate, mean or ratio"),
    NUMBER("se", se, "its standard error"),
    SELF("raw", &raw_shape, "the exact sums that everything is computed from"),
    END,
};
const struct shape results_arm_shape = {"results_value", sizeof(OF), arm_rows};
#undef OF

#define OF struct results_arm_document
static const struct shape_row arm_document_rows[] = {
    TEXT("key", key, "of the variant"),
    MEMBERS(struct results_arm, arm, &results_arm_shape),
    MAYBE("effect", const struct results_effect_document *, effect, &results_effect_shape,
          "against the control, by each method with its parameters"),
    END,
};
static const struct shape arm_document_shape = {"results_arm", sizeof(OF), arm_document_rows};
#undef OF

#define OF struct results_value_document
static const struct shape_row part_rows[] = {
    TEXT("value", value, "of the dimension"),
    LIST("variants", const struct results_arm_document *, arms, arm_count, &arm_document_shape,
         "at this value"),
    END,
};
static const struct shape part_shape = {"results_part", sizeof(OF), part_rows};
#undef OF

#define OF struct results_breakdown
static const struct shape_row breakdown_rows[] = {
    TEXT("dimension", dimension, "its name"),
    LIST("values", const struct results_value_document *, values, value_count, &part_shape,
         "in order"),
    END,
};
static const struct shape breakdown_shape = {"results_breakdown", sizeof(OF), breakdown_rows};
#undef OF

#define OF struct results_since_day
static const struct shape_row since_day_rows[] = {
    INT("day", day, "since the exposure, from 1: 24 hours each"),
    LIST("variants", const struct results_look_arm *, arms, arm_count, &results_look_arm_shape,
         "the visitors for whom it is over, and what they did on it"),
    END,
};
static const struct shape since_day_shape = {"results_since_day", sizeof(OF), since_day_rows};
#undef OF

#define OF struct results_since_document
static const struct shape_row since_rows[] = {
    TIME("as_of", as_of, "when it was worked out"),
    DOUBLE("share", share, "of the visitors that were gone over, by a hash of their ids"),
    LIST("days", const struct results_since_day *, days, day_count, &since_day_shape,
         "the first two weeks, as far as anybody has come; each is compared by itself"),
    END,
};
static const struct shape since_shape = {"results_since", sizeof(OF), since_rows};
#undef OF

#define OF struct results_metric
static const struct shape_row definition_rows[] = {
    TEXT("key", key, "of the metric"),
    TEXT("name", name, "that people read"),
    TEXT("kind", kind, "conversion, count, sum, mean or ratio"),
    WORD("role", role, "in the campaign", "primary", "secondary", "guardrail"),
    ONE_OF("direction", direction, "what is better", "up", "down"),
    ONE_OF("unit", unit, "of its values", "money", "number"),
    END,
};
static const struct shape definition_shape = {"results_definition", sizeof(OF), definition_rows};

static const struct shape_row distribution_rows[] = {
    JSON("distribution", distribution, "quantiles, capped sums and ranks, and when they were made",
         .of = &distribution_stored_shape, .marks = SHAPE_NULLABLE),
    END,
};
static const struct shape distribution_part = {"results_tail", sizeof(OF), distribution_rows};
#undef OF

#define OF struct results_metric_document
static const struct shape_row metric_rows[] = {
    MEMBERS(const struct results_metric *, metric, &definition_shape, .marks = SHAPE_AT),
    ONE_OF("status", status, "whether all events were counted", "ok", "computing"),
    LIST("variants", const struct results_arm_document *, arms, arm_count, &arm_document_shape,
         "over all units"),
    OR_NULL("since_exposure", const struct results_since_document *, since_exposure, &since_shape,
            "what visitors did on each day since their exposure; null: it was not worked out yet"),
    ROW(SHAPE_MAP, const struct results_breakdown *, "breakdown", breakdowns,
        "by the dimension asked for", .of = &breakdown_shape,
        .count = offsetof(OF, breakdown_count), .marks = SHAPE_OPTIONAL),
    MEMBERS(const struct results_metric *, metric, &distribution_part, .marks = SHAPE_AT),
    END,
};
const struct shape results_metric_shape = {"results_metric", sizeof(OF), metric_rows};
#undef OF
