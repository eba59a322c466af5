// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "engine/results_interaction.h"

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
        s.weights[i] = r->variants[i].weight;
    }
    return s;
}

static const char *srm_verdict(const struct stats_srm *srm)
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

struct sequential_srm {
    struct stats_number p, log_bayes; /* p: smallest of all looks; log_bayes: now */
    size_t looks;
};

static struct sequential_srm sequential_of(const struct results *r)
{
    struct sequential_srm s = {.looks = 0};
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

bool results_is_mismatch(const struct results *r, double *ret_p)
{
    struct sequential_srm sequential = sequential_of(r);
    struct sizes now = sizes_at(r, NULL);
    struct stats_srm srm = stats_srm(now.units, now.weights, now.count);
    bool is_alarm = sequential.p.is_known && sequential.p.value <= SRM_ALARM_P;
    *ret_p = is_alarm ? sequential.p.value : stats_srm_p(&srm).value;
    /* Read every day the chi-square's alarms add up; at the end it is read once. */
    return is_alarm ||
           (r->is_over && srm.status == STATS_OK && stats_srm_p(&srm).value < SRM_ALARM_P);
}

static void add_sequential(struct buf *b, const struct results *r)
{
    struct sequential_srm s = sequential_of(r);
    json_add_key(b, "srm_sequential");
    buf_add_str(b, "{\"method\":\"dirichlet_multinomial\"");
    json_add_key(b, "concentration");
    json_add_int(b, SRM_CONCENTRATION);
    json_add_key(b, "looks");
    json_add_int(b, (int64_t)s.looks);
    results_add_number(b, "log_bayes_factor", s.log_bayes);
    results_add_number(b, "p", s.p);
    bool is_alarm = s.p.is_known && s.p.value <= SRM_ALARM_P;
    results_add_text(b, "status", !s.p.is_known ? "no_data" : is_alarm ? "alarm" : "ok");
    buf_add_char(b, '}');
}

static bool has_outlier(const struct results *r)
{
    struct results_outlier unused;
    for (size_t i = 0; i < r->metric_count; i++)
        if (results_find_outlier(&r->metrics[i], &unused))
            return true;
    return false;
}

static bool has_interaction(const struct results_overlap *o)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->interactions[i].is_found)
            return true;
    return false;
}

static bool has_joint_alarm(const struct results_overlap *o)
{
    for (size_t i = 0; i < o->joint_count; i++)
        if (o->joints[i].is_alarm)
            return true;
    return false;
}

static void add_warning(struct buf *b, bool is_there, const char *name)
{
    if (!is_there)
        return;
    json_add_comma(b);
    json_add_string(b, name);
}

void results_add_health(struct buf *b, const struct results *r)
{
    struct sizes now = sizes_at(r, NULL);
    struct stats_srm srm = stats_srm(now.units, now.weights, now.count);
    bool is_mismatch = srm.status == STATS_OK && stats_srm_p(&srm).value < SRM_WARNING_P;
    json_add_key(b, "health");
    buf_add_str(b, "{\"srm\":{\"status\":");
    json_add_string(b, srm_verdict(&srm));
    results_add_number(b, "chi2", srm.chi2);
    results_add_number(b, "df", srm.df);
    results_add_number(b, "p", stats_srm_p(&srm));
    buf_add_char(b, '}');
    add_sequential(b, r);
    results_add_joints(b, r);
    buf_printf(b, ",\"crossovers\":%llu,\"fold\":{\"lag_events\":%lld},\"warnings\":[",
               (unsigned long long)now.crossovers,
               (long long)json_integer_value(json_object_get(r->head, "backlog")));
    add_warning(b, is_mismatch, "srm");
    add_warning(b, has_joint_alarm(r->overlap), "joint_srm");
    add_warning(b, has_interaction(r->overlap), "interaction");
    add_warning(b, now.crossovers > 0, "crossovers");
    add_warning(b, has_outlier(r), "outlier");
    buf_add_str(b, "]}");
}
