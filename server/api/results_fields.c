// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/results_fields.h"

#include <stddef.h>

#define TEXT(name_, meaning_)                                                                      \
    {                                                                                              \
        .name = name_, .kind = FIELD_TEXT, .meaning = meaning_                                     \
    }
#define NUMBER(name_, meaning_)                                                                    \
    {                                                                                              \
        .name = name_, .kind = FIELD_NUMBER, .meaning = meaning_                                   \
    }
#define INT(name_, meaning_)                                                                       \
    {                                                                                              \
        .name = name_, .kind = FIELD_INT, .meaning = meaning_                                      \
    }
#define BOOL(name_, meaning_)                                                                      \
    {                                                                                              \
        .name = name_, .kind = FIELD_BOOL, .meaning = meaning_                                     \
    }
#define TIME(name_, meaning_)                                                                      \
    {                                                                                              \
        .name = name_, .kind = FIELD_TIME, .meaning = meaning_                                     \
    }
#define ANY(name_, meaning_)                                                                       \
    {                                                                                              \
        .name = name_, .kind = FIELD_ANY, .meaning = meaning_                                      \
    }
#define OBJECT(name_, of_, meaning_)                                                               \
    {                                                                                              \
        .name = name_, .kind = FIELD_OBJECT, .of = of_, .meaning = meaning_                        \
    }
#define LIST(name_, of_, meaning_)                                                                 \
    {                                                                                              \
        .name = name_, .kind = FIELD_LIST, .of = &(of_), .meaning = meaning_                       \
    }
#define INTERVAL(name_, meaning_) LIST(name_, side, meaning_)

static const struct field text = {.kind = FIELD_TEXT};
static const struct field count = {.kind = FIELD_INT};
static const struct field counts = {.kind = FIELD_LIST, .of = &count};
static const struct field anything = {.kind = FIELD_ANY};
static const struct field side = {.kind = FIELD_ANY, .meaning = "null: no limit on this side"};

static const struct field caution_fields[] = {
    TEXT("rule", "joint_srm, interaction or outlier"),
    TEXT("text", "a sentence"),
    {0},
};
static const struct field caution = {.kind = FIELD_OBJECT, .of = caution_fields};

static const struct field recommendation_fields[] = {
    TEXT("verdict", "ship, stop, go_on, not_enough or broken"),
    TEXT("variant", "that it is about"),
    TEXT("rule", "that applied, the most important first"),
    TEXT("text", "a sentence"),
    LIST("cautions", caution, "to know beside it, whatever it is"),
    NUMBER("days", "the phase has run for"),
    NUMBER("units", "over all variants"),
    NUMBER("needed_units", "planned, or what the minimum uplift takes"),
    {0},
};

static const struct field variant_fields[] = {
    TEXT("key", NULL),
    BOOL("is_control", NULL),
    NUMBER("weight", NULL),
    INT("units", "visitors that met it first"),
    INT("crossovers", "of these, who met another one later"),
    {0},
};
static const struct field variant = {.kind = FIELD_OBJECT, .of = variant_fields};

static const struct field joint_fields[] = {
    TEXT("campaign", "the other one's key"),
    TEXT("name", NULL),
    INT("phase", "the other one's"),
    TEXT("status", "ok, alarm, or why there is no test"),
    LIST("other_variants", text, "the columns of units"),
    LIST("units", counts, "visitors that met both: one row for each variant here"),
    NUMBER("chi2", "Pearson's test of independence"),
    NUMBER("df", NULL),
    NUMBER("p", NULL),
    NUMBER("log_bayes_factor",
           "that a row differs from the other one's weights; with p below 0.001 "
           "and this above ln 1000 it is an alarm"),
    TIME("as_of", "when the units were counted"),
    {0},
};
static const struct field joint = {.kind = FIELD_OBJECT, .of = joint_fields};

static const struct field health_fields[] = {
    ANY("srm", "chi-square of the sizes against the weights"),
    ANY("srm_sequential", "the same, to be read at any time"),
    LIST("joint_srm", joint, "whether allotment depends on that of other campaigns"),
    INT("crossovers", "visitors that were seen in several variants"),
    ANY("fold", "lag_events: not in these results yet"),
    LIST("warnings", text, "srm, joint_srm, interaction, crossovers, outlier"),
    {0},
};

static const struct field metric_fields[] = {
    TEXT("key", NULL),
    TEXT("name", NULL),
    TEXT("kind", NULL),
    TEXT("role", "primary, secondary or guardrail"),
    TEXT("direction", "up or down: what is better"),
    TEXT("unit", "money or number"),
    TEXT("status", "ok, or computing"),
    LIST(
        "variants", anything,
        "value, se, exact sums (raw), and the effect by each method with its parameters. adjusted: "
        "null without a pre-period. planned.inference: stage-wise p, median-unbiased difference "
        "and interval, once a bound was crossed or the last look came"),
    ANY("breakdown", "the same by the values of the dimension asked for"),
    ANY("distribution", "quantiles, capped sums and ranks, with the time they were made at"),
    {0},
};
static const struct field metric = {.kind = FIELD_OBJECT, .of = metric_fields};

static const struct field part_fields[] = {
    NUMBER("difference", NULL),
    INTERVAL("interval", NULL),
    NUMBER("uplift", NULL),
    INTERVAL("uplift_interval", NULL),
    {0},
};

static const struct field interaction_fields[] = {
    TEXT("campaign", "the other one's key"),
    TEXT("name", NULL),
    INT("phase", "the other one's"),
    TEXT("metric", "that decides here"),
    TEXT("variant", "the treatment here"),
    TEXT("other_variant", "the treatment there"),
    LIST("cells", anything,
         "the four of both controls and both treatments: units, value, se and exact sums"),
    TEXT("status", "ok, or why there is no answer"),
    OBJECT("effect_with", part_fields, "of variant on visitors that met other_variant"),
    OBJECT("effect_without", part_fields, "and on those that met the control there"),
    NUMBER("difference_in_differences", "effect_with - effect_without"),
    NUMBER("se", NULL),
    INTERVAL("interval", "at the campaign's confidence"),
    NUMBER("statistic", "Welch's t"),
    NUMBER("df", NULL),
    NUMBER("p_value", "for one look"),
    ANY("sequential", "p and interval that hold whenever they are read, with their parameters"),
    ANY("multiplicity", "the sequential p, corrected over all interactions that have one"),
    BOOL("is_found", "the corrected p is at most 1 - confidence"),
    TIME("as_of", "when the cells were counted"),
    {0},
};
static const struct field interaction = {.kind = FIELD_OBJECT, .of = interaction_fields};

const struct field results_fields[] = {
    TEXT("campaign", "its key"),
    TEXT("name", NULL),
    TEXT("kind", NULL),
    TEXT("status", NULL),
    INT("phase", "that is shown"),
    LIST("phases", anything, "all there are"),
    TIME("started_at", "of the phase"),
    TIME("ended_at", "of the phase"),
    TEXT("currency", NULL),
    TEXT("time_zone", "of the days"),
    NUMBER("confidence", "of all intervals"),
    TIME("as_of", NULL),
    ANY("statistics", "how the phase is judged, fixed at its start"),
    TEXT("control", "key of the variant that others are compared with"),
    OBJECT("recommendation", recommendation_fields, "what to do now"),
    LIST("variants", variant, NULL),
    OBJECT("health", health_fields, "whether the numbers can be trusted"),
    LIST("metrics", metric, NULL),
    LIST("interactions", interaction,
         "with the five campaigns that share the most visitors, for each pair of treatments"),
    LIST("looks", anything, "what was known when each day closed"),
    {0},
};
