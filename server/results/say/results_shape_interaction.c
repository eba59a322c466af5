// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_document.h"
#include "results/say/shape_rows.h"

#define OF struct results_other
static const struct shape_row other_rows[] = {
    TEXT("campaign", campaign, "the other one's key"),
    TEXT("name", name, "the other one's", .marks = SHAPE_NULLABLE),
    LONG("phase", phase, "the other one's"),
    END,
};
static const struct shape other_shape = {"results_other", sizeof(OF), other_rows};
#undef OF

#define OF struct results_joint
static const struct shape_row joint_rows[] = {
    MEMBERS(const struct results_other *, other, &other_shape, .marks = SHAPE_AT),
    TEXT("status", answer, "ok, alarm, or why there is no test"),
    TEXTS("other_variants", other_variants, columns, "the columns of units"),
    {.name = "units",
     .kind = SHAPE_COUNTS,
     OFFSET(units, const uint64_t *),
     .count = offsetof(OF, rows),
     .columns = offsetof(OF, columns),
     .meaning = "visitors that met both: one row for each variant here"},
    NUMBER("chi2", chi2, "Pearson's test of independence"),
    NUMBER("df", df, "its degrees of freedom"),
    NUMBER("p", p, "for one look"),
    NUMBER("log_bayes_factor", log_bayes,
           "that a row differs from the other one's weights; with p below 0.001 and this above "
           "ln 1000 it is an alarm"),
    TIME("as_of", as_of, "when the units were counted"),
    END,
};
const struct shape results_joint_shape = {"results_joint", sizeof(OF), joint_rows};
#undef OF

#define OF struct results_interaction_cell
static const struct shape_row cell_rows[] = {
    TEXT("variant", variant, "here"),
    TEXT("other_variant", other_variant, "there"),
    MEMBERS(struct results_arm, arm, &results_arm_shape),
    END,
};
static const struct shape cell_shape = {"results_interaction_cell", sizeof(OF), cell_rows};
#undef OF

#define OF struct stats_effect
static const struct shape_row part_rows[] = {
    NUMBER("difference", diff, "treatment - control"),
    INTERVAL("interval", interval, "of the difference"),
    NUMBER("uplift", uplift, "the difference over the control's value"),
    INTERVAL("uplift_interval", uplift_interval, "of the uplift"),
    END,
};
static const struct shape part_shape = {"results_interaction_effect", sizeof(OF), part_rows};
#undef OF

#define OF struct results_interaction
static const struct shape_row sequential_rows[] = {
    FIXED("method", "normal_mixture", "the always-valid test"),
    DOUBLE("alpha", alpha, "the error that all looks share"),
    DOUBLE("tuned_units", tuned_units, "units of both arms, by which the smallest scale is"),
    DOUBLE("rho", rho, "the smallest scale in standard deviations of one unit"),
    NUMBER("p", always_valid.p, "holds whenever it is read"),
    INTERVAL("interval", always_valid.interval, "of the difference in differences"),
    END,
};
static const struct shape sequential_shape = {"results_interaction_sequential", sizeof(OF),
                                              sequential_rows};

static const struct shape_row multiplicity_rows[] = {
    FIXED("method", "holm", "of the correction"),
    FIXED("of", "sequential", "whose p is corrected"),
    COUNT("size", family, "interactions that have an answer"),
    NUMBER("p", adjusted, "corrected"),
    END,
};
static const struct shape multiplicity_shape = {"results_interaction_multiplicity", sizeof(OF),
                                                multiplicity_rows};

static const struct shape_row interaction_rows[] = {
    MEMBERS(const struct results_other *, other, &other_shape, .marks = SHAPE_AT),
    TEXT("metric", metric, "that decides here"),
    TEXT("variant", variant, "the treatment here"),
    TEXT("other_variant", other_variant, "the treatment there"),
    LIST("cells", struct results_interaction_cell *, cells, cell_count, &cell_shape,
         "the four of both controls and both treatments"),
    STATUS("status", contrast.status, "ok, or why there is no answer"),
    INSIDE("effect_with", struct stats_effect, contrast.with_b, &part_shape,
           "of variant on visitors that met other_variant"),
    INSIDE("effect_without", struct stats_effect, contrast.without_b, &part_shape,
           "and on those that met the control there"),
    NUMBER("difference_in_differences", contrast.diff, "effect_with - effect_without"),
    NUMBER("se", contrast.se, "its standard error"),
    INTERVAL("interval", contrast.interval, "at the campaign's confidence"),
    NUMBER("statistic", contrast.statistic, "Welch's t"),
    NUMBER("df", contrast.df, "degrees of freedom"),
    NUMBER("p_value", contrast.p_two_sided, "for one look"),
    SELF("sequential", &sequential_shape, "holds whenever it is read"),
    SELF("multiplicity", &multiplicity_shape, "corrected over all interactions"),
    BOOL("is_found", is_found, "the corrected p is at most 1 - confidence"),
    TIME("as_of", as_of, "when the cells were counted"),
    END,
};
const struct shape results_interaction_shape = {"results_interaction", sizeof(OF),
                                                interaction_rows};
#undef OF
