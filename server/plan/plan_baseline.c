// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/plan_baseline.h"

#include "base/json/json.h"

#include <math.h>
#include <string.h>

#define CONFIDENCE 0.95

static bool is_kind(const struct plan_measured *m, const char *kind)
{
    return m->kind && strcmp(m->kind, kind) == 0;
}

/* By event or ratio, instead of by visitor. */
static bool has_events(const struct plan_measured *m)
{
    return is_kind(m, "mean") || is_kind(m, "ratio");
}

/* Spread of n - r d over visitors. */
static double spread(const struct plan_measured *m, double r)
{
    const double w = m->visitors, mean = (m->n - r * m->d) / w;
    const double square = (m->nn - 2 * r * m->nd + r * r * m->dd) / w;
    return w > 1 ? sqrt(fmax(0, square - mean * mean) * w / (w - 1)) : 0;
}

/*
 * The variance of sum w n / sum w d over what was sampled, linearised: sum w^2 (n - r d)^2 /
 * (sum w d)^2 [Woodruff 1971], visitors as drawn one by one. Without weights it is the ordinary
 * one.
 */
static double variance_of_ratio(const struct plan_measured *m, double r, double below)
{
    const double m2 = (double)m->sampled;
    const double square = has_events(m) ? m->wwnn - 2 * r * m->wwnd + r * r * m->wwdd
                                        : m->wwnn - 2 * r * m->wwn + r * r * m->ww;
    return m2 > 1 ? fmax(0, square) / (below * below) * m2 / (m2 - 1) : NAN;
}

/* Wilson's, of as many visitors as the sample is worth [Kish 1965]. */
static struct stats_interval interval_of_rate(const struct plan_measured *m, double rate)
{
    const double worth = fmin(m->visitors, m->visitors * m->visitors / m->ww);
    if (!(worth >= 2 && worth < 1e15))
        return (struct stats_interval){0};
    const struct stats_prop sample = {.x = (uint64_t)round(rate * floor(worth)),
                                      .n = (uint64_t)worth};
    return stats_wilson(&sample, CONFIDENCE);
}

static struct stats_interval interval_of_mean(const struct plan_measured *m, double mean,
                                              double below)
{
    const double se = sqrt(variance_of_ratio(m, mean, below));
    if (!isfinite(se) || m->sampled < 2)
        return (struct stats_interval){0};
    const double half = stats_t_quantile((1 - CONFIDENCE) / 2, (double)m->sampled - 1) * se;
    return stats_between(mean - half, mean + half);
}

static void set_mean(struct plan_baseline *b, double mean, double sd)
{
    if (!(sd > 0) || !isfinite(mean) || !isfinite(sd))
        return;
    b->mean = mean;
    b->sd = sd;
}

struct plan_baseline plan_baseline_of(const struct plan_measured *m)
{
    struct plan_baseline b = {.rate = NAN, .mean = NAN, .sd = NAN};
    if (!m->kind || !(m->visitors > 0))
        return b;
    if (is_kind(m, "conversion")) {
        const double rate = m->converted / m->visitors;
        b.rate = rate > 0 && rate < 1 ? rate : NAN;
        if (!isnan(b.rate))
            b.interval = interval_of_rate(m, rate);
    } else if (has_events(m)) {
        if (m->d > 0)
            set_mean(&b, m->n / m->d, spread(m, m->n / m->d) / (m->d / m->visitors));
    } else {
        set_mean(&b, m->n / m->visitors, spread(m, 0));
    }
    if (!isnan(b.mean))
        b.interval = interval_of_mean(m, b.mean, has_events(m) ? m->d : m->visitors);
    return b;
}

static double daily_of(const struct plan_measured *m)
{
    return m->visitors > 0 ? m->visitors / m->days : NAN;
}

void plan_baseline_fill(const struct plan_measured *m, struct plan_wish *wish)
{
    const struct plan_baseline b = plan_baseline_of(m);
    if (isnan(wish->rate) && isnan(wish->mean)) {
        wish->rate = b.rate;
        wish->mean = b.mean;
        wish->sd = isnan(wish->sd) ? b.sd : wish->sd;
    }
    if (isnan(wish->daily))
        wish->daily = daily_of(m);
}

static void add(struct buf *b, const char *key, double value)
{
    json_add_key(b, key);
    json_add_number(b, value);
}

static void add_word(struct buf *b, const char *key, const char *word)
{
    json_add_key(b, key);
    if (word)
        json_add_string(b, word);
    else
        buf_add_str(b, "null");
}

void plan_baseline_write(const struct plan_measured *m, struct buf *out)
{
    const struct plan_baseline b = plan_baseline_of(m);
    buf_add_char(out, '{');
    add(out, "visitors", round(m->visitors));
    add(out, "sampled", (double)m->sampled);
    add(out, "days", m->days);
    add(out, "daily", daily_of(m));
    add_word(out, "metric", m->kind ? m->metric : NULL);
    add_word(out, "kind", m->kind);
    add(out, "rate", b.rate);
    add(out, "mean", b.mean);
    add(out, "sd", b.sd);
    add(out, "lower", b.interval.is_known ? b.interval.lower : NAN);
    add(out, "upper", b.interval.is_known ? b.interval.upper : NAN);
    buf_add_char(out, '}');
}
