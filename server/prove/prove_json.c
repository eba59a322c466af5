// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/json/json.h"
#include "prove/prove_private.h"

static const char *const kinds[] = {
    [PROVE_CONVERSION] = "conversion", [PROVE_MEAN] = "mean", [PROVE_RATIO] = "ratio"};
static const char *const verdicts[] = {[PROVE_CALIBRATED] = "calibrated",
                                       [PROVE_TOO_MANY] = "too_many_false_calls",
                                       [PROVE_TOO_FEW] = "too_few_false_calls",
                                       [PROVE_NOT_TESTED] = "not_tested"};
static const char *const rules[] = {[PROVE_P_VALUE] = "p_value",
                                    [PROVE_CHANCE] = "chance_to_win",
                                    [PROVE_ALWAYS_VALID] = "always_valid"};

static void add_number(struct buf *b, const char *key, double value)
{
    json_add_key(b, key);
    json_add_number(b, value);
}

static void add_count(struct buf *b, const char *key, uint64_t value)
{
    json_add_key(b, key);
    json_add_int(b, (int64_t)value);
}

/* Null: it was never asked for, or could never be told. */
static void add_rate(struct buf *b, const char *key, const struct prove_rate *rate)
{
    json_add_key(b, key);
    if (rate->of == 0) {
        buf_add_str(b, "null");
        return;
    }
    const struct stats_interval interval = prove_rate_interval(rate, 0.95);
    buf_add_char(b, '{');
    add_count(b, "count", rate->count);
    add_count(b, "of", rate->of);
    add_number(b, "rate", (double)rate->count / (double)rate->of);
    json_add_key(b, "interval");
    buf_add_char(b, '[');
    json_add_number(b, interval.lower);
    json_add_comma(b);
    json_add_number(b, interval.upper);
    buf_add_str(b, "]}");
}

static void add_uniformity(struct buf *b, const struct prove_finding *f)
{
    json_add_key(b, "p_values");
    if (f->false_calls.of == 0) {
        buf_add_str(b, "null");
        return;
    }
    buf_add_char(b, '{');
    add_number(b, "ks", f->ks);
    add_number(b, "ks_p", f->ks_p);
    json_add_key(b, "bins");
    buf_add_char(b, '[');
    for (int i = 0; i < PROVE_BINS; i++) {
        json_add_comma(b);
        json_add_int(b, f->bins[i]);
    }
    buf_add_str(b, "]}");
}

static void add_finding(struct buf *b, const struct prove_finding *f)
{
    json_add_comma(b);
    buf_add_char(b, '{');
    json_add_key(b, "key");
    json_add_string(b, f->key);
    json_add_key(b, "kind");
    json_add_string(b, kinds[f->kind]);
    json_add_key(b, "verdict");
    json_add_string(b, verdicts[f->verdict]);
    add_count(b, "nonzero_units", f->nonzero);
    add_rate(b, "false_calls", &f->false_calls);
    add_rate(b, "coverage", &f->coverage);
    add_uniformity(b, f);
    add_rate(b, "power", &f->power);
    json_add_key(b, "planned_power");
    if (f->planned_power.is_known)
        json_add_number(b, f->planned_power.value);
    else
        buf_add_str(b, "null");
    add_rate(b, "uplift_coverage", &f->uplift_coverage);
    json_add_key(b, "peeking");
    buf_add_char(b, '{');
    for (int rule = 0; rule < PROVE_RULES; rule++)
        add_rate(b, rules[rule], &f->peeking[rule]);
    buf_add_str(b, "}}");
}

void prove_write(const struct prove_report *report, struct buf *out)
{
    buf_add_char(out, '{');
    add_count(out, "units", report->units);
    add_count(out, "runs", (uint64_t)report->plan.runs);
    add_count(out, "seed", report->plan.seed);
    add_number(out, "uplift", report->plan.uplift);
    add_number(out, "confidence", report->plan.confidence);
    json_add_key(out, "looks");
    buf_add_char(out, '{');
    add_count(out, "count", report->looks);
    json_add_key(out, "hours");
    if (report->look_us)
        json_add_int(out, report->look_us / (3600 * SECOND_US));
    else
        buf_add_str(out, "null");
    buf_add_char(out, '}');
    json_add_key(out, "metrics");
    buf_add_char(out, '[');
    for (size_t i = 0; i < report->metric_count; i++)
        add_finding(out, &report->findings[i]);
    buf_add_str(out, "]}");
}
