// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_document.h"
#include "results/say/results_shape.h"
#include "results/say/shape_rows.h"

#define OF struct results_part_effect
static const struct shape_row part_rows[] = {
    DOUBLE("control", control, "the control's value"),
    DOUBLE("difference", difference, "treatment - control"),
    NUMBER("uplift", uplift, "the difference over the control's value"),
    END,
};
static const struct shape part_shape = {"results_part_effect", sizeof(OF), part_rows};
#undef OF

#define OF struct results_finding
static const struct shape_row finding_rows[] = {
    TEXT("dimension", dimension, "by which visitors differ"),
    TEXT("value", value, "of those whose effect was the furthest from the others'"),
    TEXT("variant", variant, "treatment, against the control"),
    COUNT("units", units, "visitors of the value, in both arms"),
    COUNT("segments", segments, "values of the dimension with data enough"),
    NUMBER("spread_p", spread_p, "Cochran's, in the half that was searched: that all are alike"),
    INSIDE("here", struct results_part_effect, here, &part_shape, "of the value, second half"),
    INSIDE("elsewhere", struct results_part_effect, elsewhere, &part_shape,
           "of all other values, second half, by the inverse of their variance"),
    DOUBLE("contrast", contrast, "the difference here less that elsewhere"),
    INTERVAL("interval", interval, "of the contrast"),
    NUMBER("p", p, "that there is no contrast, in the second half"),
    NUMBER("adjusted_p", adjusted, "for the false discoveries among all questions"),
    BOOL("is_found", is_found, "adjusted_p is at most alpha"),
    END,
};
static const struct shape finding_shape = {"results_finding", sizeof(OF), finding_rows};
#undef OF

#define OF struct results_stratified
static const struct shape_row stratified_rows[] = {
    TEXT("dimension", dimension, "whose mix is made the same in both arms"),
    TEXT("variant", variant, "treatment, against the control"),
    COUNT("values", values, "of the dimension"),
    NUMBER("difference", difference, "treatment - control, at the mix of both arms together"),
    INTERVAL("interval", interval, "of the difference"),
    NUMBER("uplift", uplift, "the difference over the control's value"),
    INTERVAL("uplift_interval", uplift_interval, "of the uplift"),
    NUMBER("measured_uplift", measured, "the uplift as measured, of the same visitors"),
    NUMBER("variance_reduction", saved, "1 - variance / variance as measured"),
    END,
};
static const struct shape stratified_shape = {"results_stratified", sizeof(OF), stratified_rows};
#undef OF

#define OF struct results_findings
static const struct shape_row findings_rows[] = {
    FIXED("method", "honest_halves", "one half of the visitors is searched, the other confirms"),
    TEXT("metric", metric, "that decides"),
    STATUS("status", status, "ok, or why nothing was asked"),
    DOUBLE("alpha", alpha, "the part of what is found that may be false"),
    LIST("list", const struct results_finding *, list, count, &finding_shape,
         "one of each dimension and treatment, the surest first"),
    LIST("stratified", const struct results_stratified *, stratified, stratified_count,
         &stratified_shape,
         "the effect if both arms had the same mix, by each dimension: for means and rates, read "
         "once"),
    END,
};
static const struct shape findings_shape = {"results_search", sizeof(OF), findings_rows};
#undef OF

#define OF struct results_document
static const struct shape_row document_rows[] = {
    TEXT("campaign", head.campaign, "its key"),
    LONG("phase", head.phase.number, "that is shown"),
    TEXT("currency", head.currency, "of money"),
    TIME("as_of", as_of, "when it was read"),
    DOUBLE("confidence", head.confidence, "of all intervals"),
    OR_NULL("findings", const struct results_findings *, findings, &findings_shape,
            "for whom the effect is another one; null: the split is broken, the data are too few "
            "or not counted yet, or there is no control"),
    END,
};
const struct shape results_findings_shape = {"results_findings", sizeof(OF), document_rows};
#undef OF
