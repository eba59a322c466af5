// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "engine/results_phase.h"

void results_add_number(struct buf *b, const char *key, struct stats_number number)
{
    json_add_key(b, key);
    if (number.is_known)
        json_add_number(b, number.value);
    else
        buf_add_str(b, "null");
}

/* A side without limit is null, as JSON has no infinity. */
void results_add_interval(struct buf *b, const char *key, struct stats_interval interval)
{
    json_add_key(b, key);
    if (!interval.is_known) {
        buf_add_str(b, "null");
        return;
    }
    buf_add_char(b, '[');
    json_add_number(b, interval.lower);
    buf_add_char(b, ',');
    json_add_number(b, interval.upper);
    buf_add_char(b, ']');
}

void results_add_text(struct buf *b, const char *key, const char *text)
{
    json_add_key(b, key);
    json_add_string(b, text);
}

static void add_warnings(struct buf *b, unsigned warnings)
{
    json_add_key(b, "warnings");
    buf_add_char(b, '[');
    for (unsigned bit = 1; bit && bit <= warnings; bit <<= 1) {
        const char *name = warnings & bit ? stats_warning_name((enum stats_warning)bit) : NULL;
        if (!name)
            continue;
        json_add_comma(b);
        json_add_string(b, name);
    }
    buf_add_char(b, ']');
}

void results_add_frequentist(struct buf *b, const struct results_metric *m,
                             const struct results_effect *e)
{
    static const char *const methods[] = {"two_proportion", "welch", "delta"};
    const struct stats_effect *f = &e->frequentist;
    json_add_key(b, "frequentist");
    buf_add_char(b, '{');
    results_add_text(b, "method", methods[m->method]);
    results_add_text(b, "status", stats_status_name(f->status));
    results_add_number(b, "difference", f->diff);
    results_add_number(b, "se", f->se);
    results_add_interval(b, "interval", f->interval);
    results_add_number(b, "uplift", f->uplift);
    results_add_interval(b, "uplift_interval", f->uplift_interval);
    results_add_text(b, "statistic_name", m->method == METHOD_PROPORTION ? "z" : "t");
    results_add_number(b, "statistic", f->statistic);
    results_add_number(b, "df", f->df);
    results_add_number(b, "p", f->p_two_sided);
    results_add_number(b, "log10_p", f->log10_p);
    if (m->method == METHOD_PROPORTION) {
        results_add_number(b, "pooled_z", e->prop.z_pooled);
        results_add_number(b, "pooled_p", e->prop.p_pooled);
        results_add_interval(b, "wald_interval", e->prop.wald);
    }
    add_warnings(b, f->warnings);
    buf_add_char(b, '}');
}

void results_add_bayesian(struct buf *b, const struct results_metric *m,
                          const struct results_effect *e)
{
    const struct stats_posterior *p = &e->bayesian;
    json_add_key(b, "bayesian");
    buf_add_char(b, '{');
    results_add_text(b, "method", m->method == METHOD_PROPORTION ? "beta_binomial" : "normal");
    json_add_key(b, "prior");
    buf_add_str(b, m->method == METHOD_PROPORTION ? "{\"a\":0.5,\"b\":0.5}"
                                                  : "{\"mean\":0,\"sd\":null}");
    results_add_text(b, "status", stats_status_name(p->status));
    results_add_number(b, "mean", p->mean);
    results_add_number(b, "chance_to_win", p->chance_to_win);
    results_add_number(b, "expected_loss", p->loss_choose_treatment);
    results_add_number(b, "expected_loss_control", p->loss_choose_control);
    results_add_interval(b, "interval", p->interval);
    results_add_interval(b, "uplift_interval", p->uplift_interval);
    buf_add_char(b, '}');
}

static void add_sum_value(struct buf *b, const char *key, const char *sum, double unit)
{
    __int128 value;
    json_add_key(b, key);
    if (!stats_parse_fixed(sum, 0, &value)) {
        buf_add_str(b, "null");
        return;
    }
    /* A division of two whole numbers rounds once: 3031169 / 100 is 30311.69. */
    json_add_number(b, unit < 1 ? (double)value / (double)(int64_t)(1 / unit + 0.5)
                                : (double)value * unit);
}

static void add_raw(struct buf *b, const struct results_metric *m, const struct results_sums *s)
{
    json_add_key(b, "raw");
    buf_printf(b,
               "{\"n\":%llu,\"sum_n\":\"%s\",\"sum_d\":\"%s\",\"sum_nn\":\"%s\",\"sum_nd\":\"%s\","
               "\"sum_dd\":\"%s\",\"sum_nnn\":\"%s\",\"scale\":%lld",
               (unsigned long long)s->units, s->n, s->d, s->nn, s->nd, s->dd, s->nnn,
               (long long)m->scale);
    results_add_cuped_raw(b, &s->pre);
    buf_add_char(b, '}');
}

void results_add_arm(struct buf *b, const struct results_metric *m, const struct results_arm *a)
{
    json_add_key(b, "units");
    json_add_int(b, (int64_t)a->sums.units);
    results_add_text(b, "status", stats_status_name(a->status));
    add_sum_value(b, "sum", a->sums.n, m->unit_n);
    if (m->method == METHOD_RATIO)
        add_sum_value(b, "denominator", a->sums.d, m->unit_d);
    results_add_number(b, "value", a->value);
    results_add_number(b, "se", a->se);
    add_raw(b, m, &a->sums);
}
