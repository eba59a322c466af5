// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether the metric that decides changes otherwise for some visitors than for the rest: asked of
 * all dimensions at once, and honestly. The visitors are in two halves, by a hash. One half is
 * searched: in each dimension the value whose effect is furthest from that of the others. The
 * other half, which nobody has searched, says whether that is so; over all questions the rate of
 * false discoveries is held [Benjamini & Hochberg 1995]. What is told is of the second half, so no
 * winner's curse is in it.
 */
#pragma once

#include "results/insight/results_stratified.h"
#include "results/verdict/verdict.h"

/* The control's value and the difference, in one part of the second half. */
struct results_part_effect {
    double control, difference;
    struct stats_number uplift; /* unknown of a control at 0 */
};

struct results_finding {
    const char *dimension, *value, *variant;
    uint64_t units;               /* of the value, of both arms, in both halves */
    uint64_t segments;            /* values with data enough in both halves */
    struct stats_number spread_p; /* that all effects are one, in the half that was searched */
    struct results_part_effect here, elsewhere;
    double contrast;                /* here less elsewhere */
    struct stats_interval interval; /* of the contrast */
    struct stats_number p, adjusted;
    bool is_found; /* adjusted is at most the error allowed */
};

struct results_findings {
    const char *metric;
    enum stats_status status; /* insufficient_data: no dimension has two values with enough */
    double alpha;             /* rate of false discoveries */
    const struct results_finding *list; /* the surest first */
    size_t count;
    const struct results_stratified *stratified;
    size_t stratified_count;
};

/* The sums of r must be those of RESULTS_HALVES. NULL where figures may not be told, as of
 * results_insight_of. */
const struct results_findings *results_findings_of(const struct results *r,
                                                   const struct verdict *verdict);
