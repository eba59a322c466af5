// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/many/trend.h"

#include "stats/core/dist.h"

#include <math.h>

/* Everything relative to the earliest day and the smallest variance: no overflow in the sums. */
struct line {
    double scale; /* the smallest variance; weights are scale / variance */
    double weight, mean_day, mean_effect, s_dd, s_de;
    double first, last;
};

static bool is_sound(const struct stats_trend_day *days, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(days[i].day) || !isfinite(days[i].effect.value) ||
            !isfinite(days[i].effect.variance) || !(days[i].effect.variance > 0))
            return false;
    return true;
}

static struct line fit(const struct stats_trend_day *days, size_t count)
{
    struct line l = {.scale = INFINITY, .first = INFINITY, .last = -INFINITY};
    for (size_t i = 0; i < count; i++) {
        l.scale = fmin(l.scale, days[i].effect.variance);
        l.first = fmin(l.first, days[i].day);
        l.last = fmax(l.last, days[i].day);
    }
    for (size_t i = 0; i < count; i++) {
        double w = l.scale / days[i].effect.variance, d = days[i].day - l.mean_day;
        double e = days[i].effect.value - l.mean_effect;
        l.weight += w;
        l.mean_day += d * w / l.weight;
        l.mean_effect += e * w / l.weight;
        l.s_dd += w * d * (days[i].day - l.mean_day);
        l.s_de += w * d * (days[i].effect.value - l.mean_effect);
    }
    return l;
}

static void predict(const struct line *l, double slope, double day, struct stats_number ret[2])
{
    double away = day - l->mean_day;
    ret[0] = stats_known(l->mean_effect + slope * away);
    ret[1] = stats_known(sqrt(l->scale * (1 / l->weight + away * away / l->s_dd)));
}

static void test_fit(struct stats_trend *r, const struct line *l,
                     const struct stats_trend_day *days, size_t count)
{
    double q = 0;
    if (count < 3)
        return;
    for (size_t i = 0; i < count; i++) {
        double fitted = l->mean_effect + r->slope.value * (days[i].day - l->mean_day);
        double rest = days[i].effect.value - fitted;
        q += rest * rest / days[i].effect.variance;
    }
    r->fit_q = stats_known(q);
    r->fit_df = stats_known((double)count - 2);
    r->fit_p = stats_known(stats_chi2_q(q, (double)count - 2));
}

struct stats_trend stats_trend(const struct stats_trend_day *days, size_t count, double conf)
{
    struct stats_trend r = {.status = STATS_INVALID};
    struct stats_number at[2];
    if (!(conf > 0 && conf < 1) || !is_sound(days, count))
        return r;
    struct line l = fit(days, count);
    r.conf = conf;
    r.status = STATS_INSUFFICIENT_DATA;
    if (!(l.last > l.first) || !(l.s_dd > 0))
        return r;
    double slope = l.s_de / l.s_dd, se = sqrt(l.scale / l.s_dd), z = slope / se;
    double critical = stats_norm_critical(conf);
    if (!isfinite(slope) || !isfinite(se) || !isfinite(z)) {
        r.status = STATS_INVALID;
        return r;
    }
    r.status = STATS_OK;
    r.slope = stats_known(slope);
    r.slope_se = stats_known(se);
    r.slope_interval = stats_between(slope - critical * se, slope + critical * se);
    r.z = stats_known(z);
    r.p_two_sided = stats_known(2 * stats_norm_q(fabs(z)));
    r.log10_p = stats_known(fmin(0, (stats_norm_log_q(fabs(z)) + M_LN2) / M_LN10));
    predict(&l, slope, l.first, at);
    r.first = at[0];
    r.first_se = at[1];
    predict(&l, slope, l.last, at);
    r.last = at[0];
    r.last_se = at[1];
    r.last_interval = stats_between(r.last.value - critical * r.last_se.value,
                                    r.last.value + critical * r.last_se.value);
    test_fit(&r, &l, days, count);
    return r;
}
