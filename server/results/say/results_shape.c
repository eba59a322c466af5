// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/say/results_shape.h"

#include "results/document/results_document.h"
#include "results/say/shape_rows.h"

static const char *answer_word(unsigned answer)
{
    return verdict_answer_name((enum verdict_answer)answer);
}

#define OF struct verdict_figures
static const struct shape_row figures_rows[] = {
    TEXT("metric", metric, "its name", .marks = SHAPE_NULLABLE),
    TEXT("campaign", campaign, "key of another one", .marks = SHAPE_NULLABLE),
    TEXT("campaign_variant", campaign_variant, "key of the other one's", .marks = SHAPE_NULLABLE),
    DOUBLE("uplift", uplift, "of the variant", .marks = SHAPE_NULLABLE),
    DOUBLE("uplift_with", uplift_with, "beside the other campaign's variant",
           .marks = SHAPE_NULLABLE),
    DOUBLE("uplift_without", uplift_without, "beside its control", .marks = SHAPE_NULLABLE),
    DOUBLE("p", p, "of the variants' sizes", .marks = SHAPE_NULLABLE),
    DOUBLE("conversions", conversions, "fewest of a variant", .marks = SHAPE_NULLABLE),
    DOUBLE("days_left", days_left, "until the needed units have come, at this pace",
           .marks = SHAPE_NULLABLE),
    DOUBLE("minimum_uplift", minimum_uplift, "that was to be found", .marks = SHAPE_NULLABLE),
    DOUBLE("largest", largest, "what one visitor has", .marks = SHAPE_NULLABLE),
    DOUBLE("share", share, "its part of the variant's sum", .marks = SHAPE_NULLABLE),
    END,
};
static const struct shape figures_shape = {"results_figures", sizeof(OF), figures_rows};
#undef OF

#define OF struct verdict_caution
static const struct shape_row caution_rows[] = {
    ONE_OF("rule", rule, "what it is about", "joint_srm", "twyman", "interaction", "outlier"),
    TEXT("variant", variant, "that it is about", .marks = SHAPE_NULLABLE),
    TEXT_IN_PLACE("text", text, "a sentence"),
    INSIDE("figures", struct verdict_figures, figures, &figures_shape,
           "what the sentence tells; null: it does not"),
    END,
};
static const struct shape caution_shape = {"results_caution", sizeof(OF), caution_rows};
#undef OF

#define OF struct results_verdict
static const struct shape_row verdict_rows[] = {
    ROW(SHAPE_STATUS, unsigned, "answer", verdict.answer, "what to do now", .word = answer_word,
        .words = (const char *const[]){"ship", "stop", "go_on", "not_enough", "broken", NULL}),
    TEXT("variant", verdict.variant, "that it is about", .marks = SHAPE_NULLABLE),
    ONE_OF("rule", verdict.rule, "that applied, the most important first", "no_control", "srm",
           "no_goal", "computing", "guardrail_harmed", "repeated_units", "no_spread", "interaction",
           "novelty", "few_conversions", "short_of_a_week", "mixed_goals", "guardrail_open",
           "winner", "loser", "ended_early", "underpowered", "no_effect", "undecided"),
    TEXT_IN_PLACE("text", verdict.text, "a sentence"),
    INSIDE("figures", struct verdict_figures, verdict.figures, &figures_shape,
           "what the sentence tells; null: it does not"),
    LIST("cautions", const struct verdict_caution *, cautions, caution_count, &caution_shape,
         "to know beside it, whatever it is"),
    DOUBLE("days", days, "the phase has run for"),
    DOUBLE("units", units, "over all variants"),
    NUMBER("needed_units", needed_units, "planned, or what the minimum uplift takes"),
    DOUBLE("days_left", days_left, "until they have come, at this pace; null: unknown, or over",
           .marks = SHAPE_NULLABLE),
    END,
};
static const struct shape verdict_shape = {"results_verdict", sizeof(OF), verdict_rows};
#undef OF

#define OF struct results_traffic
static const struct shape_row traffic_rows[] = {
    DOUBLE("units", units, "visitors who met a variant"),
    DOUBLE("days", days, "in which they did: the phase's last 28, or all it has"),
    NUMBER("month_units", month_units, "at this pace; null: of less than a week"),
    END,
};
static const struct shape traffic_shape = {"results_traffic", sizeof(OF), traffic_rows};
#undef OF

#define OF struct results_money
static const struct shape_row money_rows[] = {
    TEXT("metric", metric, "key of the sum that is meant, in the document's currency"),
    TEXT("variant", variant, "that the verdict is about, or that leads"),
    DOUBLE("confidence", confidence, "of the intervals"),
    MEMBERS(const struct results_impact *, impact, &results_impact_shape, .marks = SHAPE_AT),
    END,
};
static const struct shape money_shape = {"results_money", sizeof(OF), money_rows};
#undef OF

#define OF struct results_variant_document
static const struct shape_row variant_rows[] = {
    TEXT("key", key, "of the variant"),
    TEXT("name", name, "that people read; empty: it has none"),
    BOOL("is_control", is_control, "the others are compared with it"),
    DOUBLE("weight", weight, "its part of those allotted, as it was set"),
    DOUBLE("share", share, "its part of the buckets, by which its size is tested"),
    COUNT("units", units, "visitors that met it first"),
    COUNT("crossovers", crossovers, "of these, who met another one later"),
    END,
};
static const struct shape variant_shape = {"results_variant", sizeof(OF), variant_rows};
#undef OF

#define OF struct results_srm
static const struct shape_row srm_rows[] = {
    TEXT("status", status, "ok, warning, alarm, or why there is no test"),
    NUMBER("chi2", chi2, "of the sizes against the shares"),
    NUMBER("df", df, "its degrees of freedom"),
    NUMBER("p", p, "for one look"),
    END,
};
static const struct shape srm_shape = {"results_srm", sizeof(OF), srm_rows};
#undef OF

#define OF struct results_sequential_srm
static const struct shape_row sequential_srm_rows[] = {
    FIXED("method", "dirichlet_multinomial", "the always-valid test"),
    INT("concentration", concentration, "of its prior"),
    COUNT("looks", looks, "that counted"),
    NUMBER("log_bayes_factor", log_bayes, "that the sizes do not fit the shares, now"),
    NUMBER("p", p, "the smallest of all looks"),
    ONE_OF("status", status, "what it says", "ok", "alarm", "no_data"),
    END,
};
static const struct shape sequential_srm_shape = {"results_sequential_srm", sizeof(OF),
                                                  sequential_srm_rows};
#undef OF

#define OF struct results_overflow
static const struct shape_row overflow_rows[] = {
    COUNT("units", units, "visitors left out: they have more events than a person"),
    TEXTS("examples", examples, example_count, "the ids of at most five"),
    END,
};
static const struct shape overflow_shape = {"results_overflow", sizeof(OF), overflow_rows};
#undef OF

#define OF struct results_invalid
static const struct shape_row invalid_rows[] = {
    TEXT("metric", metric, "its key"),
    COUNT("events", events, "left out of its sums"),
    END,
};
static const struct shape invalid_shape = {"results_invalid", sizeof(OF), invalid_rows};
#undef OF

#define OF struct results_health
static const struct shape_row fold_rows[] = {
    LONG("lag_events", backlog, "not in these results yet"),
    BOOL("is_complete", is_complete,
         "nothing is left to count, and every day that is over has its look"),
    END,
};
static const struct shape fold_shape = {"results_fold", sizeof(OF), fold_rows};

static const struct shape_row health_rows[] = {
    ONE_OF("split", sizes.split,
           "whether the sizes fit the weights, by both tests below: the one thing to tell of them",
           "ok", "odd", "broken", "unknown"),
    NUMBER("split_p", sizes.split_p, "the p-value behind it"),
    INSIDE("srm", struct results_srm, sizes.srm, &srm_shape,
           "chi-square of the sizes against the weights"),
    INSIDE("srm_sequential", struct results_sequential_srm, sizes.sequential, &sequential_srm_shape,
           "the same, to be read at any time"),
    LIST("joint_srm", const struct results_joint *, joints, joint_count, &results_joint_shape,
         "whether allotment depends on that of other campaigns"),
    COUNT("crossovers", sizes.crossovers, "visitors that were seen in several variants"),
    INSIDE("overflow", struct results_overflow, overflow, &overflow_shape,
           "visitors that no figure counts"),
    COUNT("excluded", excluded, "visitors that people took out: no figure counts them either"),
    LIST("invalid", const struct results_invalid *, invalid, invalid_count, &invalid_shape,
         "events whose numbers are out of bounds, of metrics that leave any out"),
    LIST("unrated", const struct results_invalid *, unrated, unrated_count, &invalid_shape,
         "events that count without their money, of metrics of which there are any: it is in a "
         "currency that has no rate for the day; see currency-rates"),
    SELF("fold", &fold_shape, "how far the counting is"),
    TEXTS("warnings", warnings, warning_count,
          "srm, joint_srm, interaction, crossovers, outlier, import_partial"),
    END,
};
static const struct shape health_shape = {"results_health", sizeof(OF), health_rows};
#undef OF

#define OF struct stats_always_valid
static const struct shape_row look_sequential_rows[] = {
    STATUS("status", status, "ok, or why there is no answer"),
    NUMBER("p", p, "always valid, of this look alone"),
    INTERVAL("uplift_interval", uplift_interval, "of the uplift"),
    END,
};
static const struct shape look_sequential_shape = {"results_look_sequential", sizeof(OF),
                                                   look_sequential_rows};
#undef OF

#define OF struct results_look_effect
static const struct shape_row look_effect_rows[] = {
    NUMBER("difference", effect.diff, "treatment - control"),
    INTERVAL("interval", effect.interval, "of the difference"),
    INTERVAL("uplift_interval", effect.uplift_interval, "of the uplift"),
    NUMBER("p", effect.p_two_sided, "two-sided, for one look"),
    NUMBER("chance_to_win", chance_to_win, "that the treatment's value is larger"),
    MAYBE("sequential", const struct stats_always_valid *, always_valid, &look_sequential_shape,
          "to be read at every look"),
    END,
};
static const struct shape look_effect_shape = {"results_look_effect", sizeof(OF), look_effect_rows};
#undef OF

#define OF struct results_look_arm
static const struct shape_row look_arm_rows[] = {
    TEXT("key", key, "of the variant"),
    COUNT("units", units, "visitors that counted"),
    NUMBER("value", value, "rate, mean or ratio"),
    MEMBERS(const struct results_look_effect *, effect, &look_effect_shape,
            .marks = SHAPE_AT | SHAPE_OPTIONAL),
    END,
};
const struct shape results_look_arm_shape = {"results_look_arm", sizeof(OF), look_arm_rows};
#undef OF

#define OF struct results_look_metric
static const struct shape_row look_metric_rows[] = {
    TEXT("key", key, "of the metric"),
    LIST("variants", const struct results_look_arm *, arms, arm_count, &results_look_arm_shape,
         "at this look"),
    END,
};
static const struct shape look_metric_shape = {"results_look_metric", sizeof(OF), look_metric_rows};
#undef OF

#define OF struct results_look_document
static const struct shape_row look_rows[] = {
    TEXT("day", day, "that closed"),
    TIME("as_of", as_of, "when it closed"),
    LIST("metrics", const struct results_look_metric *, metrics, metric_count, &look_metric_shape,
         "as they were then"),
    END,
};
static const struct shape look_shape = {"results_look", sizeof(OF), look_rows};
#undef OF

#define OF struct results_exposed_arm
static const struct shape_row exposed_arm_rows[] = {
    TEXT("key", key, "of the variant"),
    COUNT("units", units, "visitors that met it first on this day"),
    END,
};
static const struct shape exposed_arm_shape = {"results_exposure_arm", sizeof(OF),
                                               exposed_arm_rows};
#undef OF

#define OF struct results_exposed_day
static const struct shape_row exposed_day_rows[] = {
    TEXT("day", day, "in the document's time zone"),
    LIST("variants", const struct results_exposed_arm *, arms, arm_count, &exposed_arm_shape,
         "and who met them"),
    END,
};
static const struct shape exposed_day_shape = {"results_exposure_day", sizeof(OF),
                                               exposed_day_rows};
#undef OF

#define OF struct results_phase
static const struct shape_row phase_rows[] = {
    LONG("number", number, "from 1"),
    TIME("ended_at", ended_at, "null: it has not", .marks = SHAPE_NULLABLE),
    TIME("started_at", started_at, "when it began", .marks = SHAPE_NULLABLE),
    END,
};
static const struct shape phase_shape = {"results_phase", sizeof(OF), phase_rows};
#undef OF

#define OF struct results_document
#define MONEY                                                                                      \
    OR_NULL(                                                                                       \
        "money", const struct results_money *, money, &money_shape,                                \
        "what it is worth; null: no sum of money is measured by visitor, the split is broken, "    \
        "or the data are too few")
#define ATTENTION                                                                                  \
    TEXTS("attention", attention, attention_count,                                                 \
          "why to look now: broken_split, guardrail_harmed, no_exposures (of a day), ready (to "   \
          "decide), schedule_ended")
static const struct shape_row document_rows[] = {
    TEXT("campaign", head.campaign, "its key"),
    TEXT("name", head.name, "that people read", .marks = SHAPE_NULLABLE),
    TEXT("kind", head.kind, "experiment, rollout or holdout"),
    TEXT("status", head.status, "of the campaign"),
    LONG("phase", head.phase.number, "that is shown"),
    LIST("phases", const struct results_phase *, head.phases, head.phase_count, &phase_shape,
         "all there are"),
    TIME("started_at", head.phase.started_at, "of the phase", .marks = SHAPE_NULLABLE),
    TIME("ended_at", head.phase.ended_at, "of the phase", .marks = SHAPE_NULLABLE),
    TEXT("totals", head.totals,
         "null: visitors and their events were counted; else totals a day were imported, of "
         "visitors on their first day alone (new) or on each day they came (daily): then there are "
         "no segments, quantiles, caps, ratios, crossovers and no adjustment by the past",
         .words = (const char *const[]){"new", "daily", NULL}, .marks = SHAPE_NULLABLE),
    TEXT("currency", head.currency, "of money"),
    TEXT("time_zone", head.time_zone, "of the days"),
    DOUBLE("confidence", head.confidence, "of all intervals"),
    TIME("as_of", as_of, "when the results were read"),
    JSON("statistics", head.statistics, "how the phase is judged, fixed at its start"),
    TEXT("control", control,
         "key of the variant that others are compared with: the baseline asked for",
         .marks = SHAPE_NULLABLE),
    INSIDE("verdict", struct results_verdict, verdict, &verdict_shape, "what to do now"),
    INSIDE("traffic", struct results_traffic, traffic, &traffic_shape, "what a month is made of"),
    MONEY,
    OR_NULL("insight", const struct results_insight *, insight, &results_insight_shape,
            "what the metric that decides tells besides; null: the split is broken, the data are "
            "too few or not counted yet, or there is no control"),
    ATTENTION,
    LIST("variants", const struct results_variant_document *, variants, variant_count,
         &variant_shape, "and who met them"),
    INSIDE("health", struct results_health, health, &health_shape,
           "whether the numbers can be trusted"),
    LIST("metrics", const struct results_metric_document *, metrics, metric_count,
         &results_metric_shape, "what the variants change"),
    LIST("interactions", const struct results_interaction *, interactions, interaction_count,
         &results_interaction_shape,
         "with the five campaigns that share the most visitors, for each pair of treatments"),
    LIST("looks", const struct results_look_document *, looks, look_count, &look_shape,
         "what was known when each day closed"),
    LIST("exposures", const struct results_exposed_day *, exposures, exposure_count,
         &exposed_day_shape, "who came on each day, those without anybody left out"),
    END,
};
const struct shape results_shape = {"results", sizeof(OF), document_rows};

static const struct shape_row standing_rows[] = {
    TEXT("campaign", head.campaign, "its key"),
    LONG("phase", head.phase.number, "that is open, or was"),
    TEXT("currency", head.currency, "of money"),
    INSIDE("verdict", struct results_verdict, verdict, &verdict_shape, "what to do now"),
    MONEY,
    ATTENTION,
    END,
};
const struct shape results_standing_shape = {"results_standing", sizeof(OF), standing_rows};
#undef OF
