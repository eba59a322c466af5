// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_statistics.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

/* Two arms of n/2, a rate of 5 % (variance 19 times the squared mean): n = 4 (1.960 + 0.842)^2 * 19
 * over the squared uplift. */
#define REFERENCE_UNITS 596.5

/* As phase_pre_period() in sql/functions/fold/phase.sql. */
#define PRE_PERIOD_DAYS 14

static const char *const methods[] = {"always_valid", "fixed", "group_sequential", NULL};
static const char *const spendings[] = {"obrien_fleming", "pocock", NULL};
static const char *const multiplicities[] = {"holm", "benjamini_hochberg", "none", NULL};
static const char *const scopes[] = {"campaign", "metric", NULL};

const char campaign_statistics_initial[] =
    "{\"method\":\"always_valid\",\"planned_units\":null,\"minimum_uplift\":0.05,\"looks\":5,"
    "\"spending\":\"obrien_fleming\",\"multiplicity\":\"holm\",\"multiplicity_scope\":"
    "\"campaign\",\"preperiod_days\":14}";

const struct field campaign_statistics_fields[] = {
    {.name = "method",
     .kind = FIELD_WORD,
     .words = methods,
     .initial = "\"always_valid\"",
     .meaning = "the test that may call a winner or a loser. always_valid: at any time; fixed: "
                "once, when the planned units are there; group_sequential: at the planned looks"},
    {.name = "planned_units",
     .kind = FIELD_INT,
     .min = 1,
     .max = 1e12,
     .meaning = "units it is meant to take, all variants together; fixed and group_sequential "
                "need it"},
    {.name = "minimum_uplift",
     .kind = FIELD_NUMBER,
     .min = 0.0001,
     .max = 10,
     .initial = "0.05",
     .meaning = "the smallest relative effect worth finding: what power is computed for, and what "
                "the always-valid test is tuned to where no units are planned"},
    {.name = "looks",
     .kind = FIELD_INT,
     .min = 1,
     .max = 50,
     .initial = "5",
     .meaning =
         "of group_sequential: how many, at equal steps of the planned units; each is the first "
         "day closed at or past its step, and spends the error that the units seen allow"},
    {.name = "spending",
     .kind = FIELD_WORD,
     .words = spendings,
     .initial = "\"obrien_fleming\"",
     .meaning = "of group_sequential: how the error is spent over the looks, late or evenly"},
    {.name = "multiplicity",
     .kind = FIELD_WORD,
     .words = multiplicities,
     .initial = "\"holm\"",
     .meaning = "correction for several questions at once, among the primary metrics and among the "
                "secondary ones; guardrails are not corrected, they protect. With group_sequential "
                "each question has bounds for its part of the error"},
    {.name = "multiplicity_scope",
     .kind = FIELD_WORD,
     .words = scopes,
     .initial = "\"campaign\"",
     .meaning = "campaign: all metrics of a role and all variants; metric: the variants of one "
                "metric"},
    {.name = "preperiod_days",
     .kind = FIELD_INT,
     .max = 60,
     .initial = "14",
     .meaning = "days before its exposure in which what a visitor did is taken out of the adjusted "
                "results (CUPED); 0: nothing is adjusted"},
    {0},
};

int campaign_statistics_pre_period(const json_t *statistics)
{
    const json_t *days = json_object_get(statistics, "preperiod_days");
    return json_is_integer(days) ? (int)json_integer_value(days) : PRE_PERIOD_DAYS;
}

enum err campaign_statistics_check_ready(const json_t *document, struct fault *ret_fault)
{
    const json_t *statistics = json_object_get(document, "statistics");
    const char *method = json_string_value(json_object_get(statistics, "method"));
    if (!method || strcmp(method, "always_valid") == 0 ||
        json_is_integer(json_object_get(statistics, "planned_units")))
        return ERR_OK;
    return fault_set(ret_fault, ERR_CONFLICT, "/statistics/planned_units",
                     "a test of method %s needs to know how many units it will take", method);
}

enum err campaign_statistics_check_fixed(const json_t *before, const json_t *after,
                                         struct fault *ret_fault)
{
    const json_t *was = json_object_get(before, "statistics");
    const json_t *is = json_object_get(after, "statistics");
    for (const struct field *f = campaign_statistics_fields; f->name; f++) {
        if (json_equal(json_object_get(was, f->name), json_object_get(is, f->name)))
            continue;
        char pointer[64] = "/statistics";
        pointer_push(pointer, sizeof(pointer), f->name);
        return fault_set(ret_fault, ERR_CONFLICT, pointer,
                         "how a campaign is judged was fixed when it started: stop it and start "
                         "another to judge it otherwise");
    }
    return ERR_OK;
}

json_t *campaign_statistics_fix(const json_t *document)
{
    const json_t *chosen = json_object_get(document, "statistics");
    json_t *out =
        chosen ? json_deep_copy(chosen) : json_loads(campaign_statistics_initial, 0, NULL);
    must(out);
    const json_t *planned = json_object_get(out, "planned_units");
    double uplift = json_number_value(json_object_get(out, "minimum_uplift"));
    double tuned = json_is_integer(planned) ? json_number_value(planned)
                                            : ceil(REFERENCE_UNITS / (uplift * uplift));
    must(json_object_set_new(out, "tuned_units", json_real(tuned)) == 0);
    must(json_object_set(out, "confidence", json_object_get(document, "confidence")) == 0);
    return out;
}
