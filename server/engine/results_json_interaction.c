// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "engine/results_interaction.h"

static void add_double(struct buf *b, const char *key, double value)
{
    json_add_key(b, key);
    json_add_number(b, value);
}

static void add_copied(struct buf *b, const json_t *other, const char *key)
{
    json_add_key(b, key);
    json_add_value(b, json_object_get(other, key));
}

static void add_cells(struct buf *b, const struct results *r, const struct results_interaction *q)
{
    json_add_key(b, "cells");
    buf_add_char(b, '[');
    for (int i = 0; i < 4; i++) {
        size_t here = i / 2 ? q->variant : (size_t)r->control;
        json_add_comma(b);
        buf_add_char(b, '{');
        results_add_text(b, "variant", r->variants[here].key);
        results_add_text(b, "other_variant", i % 2 ? q->other_variant : q->other_control);
        results_add_arm(b, r->overlap->metric, &q->cells[i / 2][i % 2]);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

/* The effect here on those who met the one or the other variant there. */
static void add_effect(struct buf *b, const char *key, const struct stats_effect *effect)
{
    json_add_key(b, key);
    buf_add_char(b, '{');
    results_add_number(b, "difference", effect->diff);
    results_add_interval(b, "interval", effect->interval);
    results_add_number(b, "uplift", effect->uplift);
    results_add_interval(b, "uplift_interval", effect->uplift_interval);
    buf_add_char(b, '}');
}

static void add_sequential(struct buf *b, const struct results_interaction *q, double alpha)
{
    json_add_key(b, "sequential");
    buf_add_str(b, "{\"method\":\"normal_mixture\"");
    add_double(b, "alpha", alpha);
    add_double(b, "tuned_units", q->tuned_units);
    add_double(b, "rho", q->rho);
    results_add_number(b, "p", q->always_valid.p);
    results_add_interval(b, "interval", q->always_valid.interval);
    buf_add_char(b, '}');
}

static void add_interaction(struct buf *b, const struct results *r,
                            const struct results_interaction *q)
{
    const struct stats_interaction *c = &q->contrast;
    json_add_comma(b);
    buf_add_char(b, '{');
    add_copied(b, q->other, "campaign");
    add_copied(b, q->other, "name");
    add_copied(b, q->other, "phase");
    results_add_text(b, "metric", r->overlap->metric->key);
    results_add_text(b, "variant", r->variants[q->variant].key);
    results_add_text(b, "other_variant", q->other_variant);
    add_cells(b, r, q);
    results_add_text(b, "status", stats_status_name(c->status));
    add_effect(b, "effect_with", &c->with_b);
    add_effect(b, "effect_without", &c->without_b);
    results_add_number(b, "difference_in_differences", c->diff);
    results_add_number(b, "se", c->se);
    results_add_interval(b, "interval", c->interval);
    results_add_number(b, "statistic", c->statistic);
    results_add_number(b, "df", c->df);
    results_add_number(b, "p_value", c->p_two_sided);
    add_sequential(b, q, r->rules.alpha);
    json_add_key(b, "multiplicity");
    buf_printf(b, "{\"method\":\"holm\",\"of\":\"sequential\",\"size\":%zu", r->overlap->family);
    results_add_number(b, "p", q->adjusted);
    buf_add_char(b, '}');
    buf_printf(b, ",\"is_found\":%s", q->is_found ? "true" : "false");
    results_add_text(b, "as_of", r->overlap->as_of);
    buf_add_char(b, '}');
}

void results_add_interactions(struct buf *b, const struct results *r)
{
    json_add_key(b, "interactions");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->overlap->count; i++)
        add_interaction(b, r, &r->overlap->interactions[i]);
    buf_add_char(b, ']');
}

/* One row for each variant here, in the order of "variants". */
static void add_units(struct buf *b, const struct results *r, const json_t *other)
{
    const json_t *there = json_object_get(other, "variants");
    size_t i;
    json_t *variant;
    json_add_key(b, "other_variants");
    buf_add_char(b, '[');
    json_array_foreach(there, i, variant)
    {
        json_add_comma(b);
        json_add_value(b, json_object_get(variant, "key"));
    }
    buf_add_str(b, "],\"units\":[");
    for (size_t v = 0; v < r->variant_count; v++) {
        json_add_comma(b);
        buf_add_char(b, '[');
        json_array_foreach(there, i, variant)
        {
            const char *key = json_string_value(json_object_get(variant, "key"));
            json_add_comma(b);
            json_add_int(b,
                         (int64_t)results_joint_units(other, r->variants[v].key, key ? key : ""));
        }
        buf_add_char(b, ']');
    }
    buf_add_char(b, ']');
}

void results_add_joints(struct buf *b, const struct results *r)
{
    json_add_key(b, "joint_srm");
    buf_add_char(b, '[');
    for (size_t i = 0; i < r->overlap->joint_count; i++) {
        const struct results_joint *j = &r->overlap->joints[i];
        json_add_comma(b);
        buf_add_char(b, '{');
        add_copied(b, j->other, "campaign");
        add_copied(b, j->other, "name");
        add_copied(b, j->other, "phase");
        results_add_text(b, "status",
                         j->status     ? stats_status_name(j->status)
                         : j->is_alarm ? "alarm"
                                       : "ok");
        add_units(b, r, j->other);
        results_add_number(b, "chi2", j->chi2);
        results_add_number(b, "df", j->df);
        results_add_number(b, "p", j->p);
        results_add_number(b, "log_bayes_factor", j->log_bayes);
        results_add_text(b, "as_of", r->overlap->as_of);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}
