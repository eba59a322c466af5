// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "engine/results_judge.h"

static void add_double(struct buf *b, const char *key, double value)
{
    json_add_key(b, key);
    json_add_number(b, value);
}

static void add_count(struct buf *b, const char *key, size_t value)
{
    json_add_key(b, key);
    json_add_int(b, (int64_t)value);
}

static void add_bool(struct buf *b, const char *key, bool value)
{
    json_add_key(b, key);
    buf_add_str(b, value ? "true" : "false");
}

void results_add_sequential(struct buf *b, const struct results_cell *cell)
{
    const struct results_sequential *s = &cell->sequential;
    json_add_key(b, "sequential");
    buf_add_str(b, "{\"method\":\"normal_mixture\"");
    results_add_text(b, "status", stats_status_name(s->status));
    add_double(b, "alpha", s->alpha);
    add_double(b, "tuned_units", cell->path.tuned_units);
    add_double(b, "rho", cell->path.rho);
    results_add_number(b, "tau", s->tau);
    add_count(b, "looks", s->looks);
    results_add_number(b, "p", s->p);
    results_add_number(b, "log10_p", s->log10_p);
    results_add_interval(b, "interval", s->interval);
    results_add_interval(b, "uplift_interval", s->uplift_interval);
    json_add_key(b, "now");
    buf_add_char(b, '{');
    results_add_text(b, "status", stats_status_name(s->now.status));
    results_add_number(b, "p", s->now.p);
    results_add_interval(b, "interval", s->now.interval);
    results_add_interval(b, "uplift_interval", s->now.uplift_interval);
    buf_add_str(b, "}}");
}

void results_add_trend(struct buf *b, const struct results_trend *trend)
{
    const struct stats_trend *line = &trend->line;
    json_add_key(b, "trend");
    buf_add_str(b, "{\"method\":\"weighted_least_squares\"");
    results_add_text(b, "status", stats_status_name(line->status));
    add_count(b, "looks", trend->looks);
    results_add_number(b, "slope", line->slope);
    results_add_interval(b, "interval", line->slope_interval);
    results_add_number(b, "p", line->p_two_sided);
    results_add_number(b, "first", line->first);
    results_add_number(b, "last", line->last);
    results_add_number(b, "fit_p", line->fit_p);
    add_bool(b, "is_fading", trend->is_fading);
    buf_add_char(b, '}');
}

void results_add_multiplicity(struct buf *b, const struct results *r,
                              const struct results_metric *m, const struct results_adjusted *a)
{
    if (!a->is_known)
        return;
    json_add_key(b, "multiplicity");
    buf_add_char(b, '{');
    results_add_text(b, "method",
                     r->rules.method == JUDGE_GROUP ? "bonferroni" : r->rules.multiplicity);
    results_add_text(b, "of", r->rules.method == JUDGE_ALWAYS_VALID ? "sequential" : "planned");
    results_add_text(b, "family", m->place == ROLE_GOAL ? "primary" : "secondary");
    results_add_text(b, "scope", r->rules.is_by_metric ? "metric" : "campaign");
    add_count(b, "size", a->size);
    results_add_number(b, "p", a->p);
    add_double(b, "confidence", a->confidence);
    results_add_interval(b, "interval", a->interval);
    results_add_interval(b, "uplift_interval", a->uplift_interval);
    buf_add_char(b, '}');
}

void results_add_noninferiority(struct buf *b, const struct results_metric *m,
                                const struct results_noninferiority *n)
{
    static const char *const methods[] = {"score_ratio", "welch", "delta"};
    json_add_key(b, "noninferiority");
    buf_add_char(b, '{');
    results_add_text(b, "method", methods[m->method]);
    results_add_text(b, "status", stats_status_name(n->status));
    add_double(b, "margin", m->margin);
    results_add_number(b, "statistic", n->statistic);
    results_add_number(b, "df", n->df);
    results_add_number(b, "p", n->p);
    results_add_text(b, "verdict", n->verdict);
    results_add_text(b, "verdict_of", "sequential");
    buf_add_char(b, '}');
}

void results_add_decomposition(struct buf *b, const struct results_decomposition *d,
                               double confidence)
{
    static const char *const names[] = {
        [FACTOR_CONVERSION] = "conversion",
        [FACTOR_ORDERS] = "orders_per_buyer",
        [FACTOR_VALUE] = "average_order_value",
        [FACTOR_WHOLE] = "revenue_per_visitor",
    };
    json_add_key(b, "decomposition");
    buf_add_str(b, "{\"method\":\"log_ratio\"");
    results_add_text(b, "status", d->is_known ? "ok" : "unknown");
    if (!d->is_known)
        results_add_text(b, "reason", d->why);
    add_double(b, "confidence", confidence);
    for (int i = 0; i < FACTOR_COUNT && d->is_known; i++) {
        json_add_key(b, names[i]);
        buf_add_char(b, '{');
        add_double(b, "control", d->control[i].value);
        add_double(b, "treatment", d->treatment[i].value);
        results_add_number(b, "uplift",
                           stats_known(d->treatment[i].value / d->control[i].value - 1));
        results_add_interval(
            b, "uplift_interval",
            stats_uplift_log(d->control[i], d->treatment[i], stats_norm_critical(confidence)));
        buf_add_char(b, '}');
    }
    buf_add_char(b, '}');
}
