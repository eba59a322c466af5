// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/verdict/results_sizes.h"

#include "results/sums/results_find.h"

#include <math.h>

#define SRM_WARNING_P     0.01
#define SRM_ALARM_P       0.001
#define SRM_CONCENTRATION 100
#define VARIANTS_MAX      100

/* Units of each variant, now (day NULL) or as a day closed. */
struct sizes {
    uint64_t units[VARIANTS_MAX], crossovers;
    double weights[VARIANTS_MAX];
    size_t count;
};

static struct sizes sizes_at(const struct results *r, const struct results_day *day)
{
    struct sizes s = {0};
    s.count = r->variant_count < VARIANTS_MAX ? r->variant_count : VARIANTS_MAX;
    for (size_t i = 0; i < s.count; i++) {
        const char *key = r->variants[i].key;
        struct results_sums sums = results_sums_of(day ? results_find_look(r, day, 0, key)
                                                       : results_find_sums(r, 0, key, "all", ""));
        s.units[i] = sums.units;
        s.crossovers += sums.crossovers;
        s.weights[i] = r->variants[i].share;
    }
    return s;
}

static const char *status_of(const struct stats_srm *srm)
{
    if (srm->status != STATS_OK)
        return stats_status_name(srm->status);
    double p = stats_srm_p(srm).value;
    return p < SRM_ALARM_P ? "alarm" : p < SRM_WARNING_P ? "warning" : "ok";
}

/* Arms of weight 0 are no part of the split. Unknown without two others. */
static struct stats_number bayes_of(const struct sizes *s)
{
    uint64_t units[VARIANTS_MAX], all = 0;
    double weights[VARIANTS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (!(s->weights[i] > 0))
            continue;
        units[count] = s->units[i];
        weights[count++] = s->weights[i];
        all += s->units[i];
    }
    if (count < 2 || all == 0)
        return (struct stats_number){0};
    return stats_known(stats_srm_log_bayes(units, weights, count, SRM_CONCENTRATION));
}

static struct results_sequential_srm sequential_of(const struct results *r)
{
    struct results_sequential_srm s = {.concentration = SRM_CONCENTRATION};
    for (size_t i = 0; i <= r->day_count; i++) {
        struct sizes sizes = sizes_at(r, i < r->day_count ? &r->days[i] : NULL);
        s.log_bayes = bayes_of(&sizes);
        if (!s.log_bayes.is_known)
            continue;
        double p = fmin(1, exp(-s.log_bayes.value));
        s.p = stats_known(s.looks++ ? fmin(s.p.value, p) : p);
    }
    return s;
}

static void judge_now(const struct results *r, struct results_sizes *s)
{
    struct sizes now = sizes_at(r, NULL);
    struct stats_srm srm = stats_srm(now.units, now.weights, now.count);
    s->srm = (struct results_srm){
        .status = status_of(&srm), .chi2 = srm.chi2, .df = srm.df, .p = stats_srm_p(&srm)};
    s->is_odd = srm.status == STATS_OK && s->srm.p.value < SRM_WARNING_P;
    s->is_mismatch = r->is_over && srm.status == STATS_OK && s->srm.p.value < SRM_ALARM_P;
    s->split_p = s->srm.p;
    s->crossovers = now.crossovers;
}

/* Who comes on several days is in each of them: sizes of days add up to no sizes of the split. */
static struct results_sizes sizes_unknown(void)
{
    return (struct results_sizes){
        .split = "unknown",
        .srm = {.status = stats_status_name(STATS_REPEATED_UNITS)},
        .sequential = {.concentration = SRM_CONCENTRATION, .status = "no_data"}};
}

struct results_sizes results_sizes_of(const struct results *r)
{
    if (r->is_repeated)
        return sizes_unknown();
    struct results_sizes s = {.sequential = sequential_of(r)};
    struct results_sequential_srm *q = &s.sequential;
    bool is_alarm = q->p.is_known && q->p.value <= SRM_ALARM_P;
    judge_now(r, &s);
    q->status = !q->p.is_known ? "no_data" : is_alarm ? "alarm" : "ok";
    if (is_alarm) {
        s.is_mismatch = true;
        s.split_p = q->p;
    }
    s.split = s.is_mismatch ? "broken" : s.is_odd ? "odd" : s.split_p.is_known ? "ok" : "unknown";
    return s;
}
