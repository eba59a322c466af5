// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/plan.h"

#include "base/json/json.h"

#include <math.h>

#define POINTS 40 /* of the curve */

static const int effect_weeks[] = {1, 2, 3, 4, 5, 6, 8, 10, 12};
static const double stop_times[] = {0.5, 1, 2, 4, 6, 10};
#define STOPS (sizeof(stop_times) / sizeof(stop_times[0]))
#define WEEKS (sizeof(effect_weeks) / sizeof(effect_weeks[0]))

const char *const plan_tests[] = {[PLAN_FIXED] = "fixed",
                                  [PLAN_ALWAYS_VALID] = "always-valid",
                                  [PLAN_GROUP] = "group-sequential",
                                  NULL};

static bool has_uplift(const struct plan *p)
{
    return p->baseline != 0;
}

static double uplift_of(const struct plan *p, double difference)
{
    return difference / fabs(p->baseline);
}

static void add(struct buf *b, const char *key, double value)
{
    json_add_key(b, key);
    json_add_number(b, value);
}

static void add_known(struct buf *b, const char *key, double value, bool is_known)
{
    add(b, key, is_known ? value : NAN);
}

static void add_curve(const struct plan *p, struct buf *b)
{
    json_add_key(b, "curve");
    buf_add_char(b, '[');
    for (int i = 1; i <= POINTS; i++) {
        double units = ceil(2 * p->per_variant * i / POINTS);
        json_add_comma(b);
        buf_add_char(b, '{');
        add(b, "visitors", units * (double)p->wish.variants);
        add(b, "power", plan_power(p, units, p->difference));
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

static void add_effects(const struct plan *p, struct buf *b)
{
    json_add_key(b, "effects");
    buf_add_char(b, '[');
    for (size_t i = 0; i < WEEKS && !isnan(p->wish.daily); i++) {
        double difference = plan_detectable(p, plan_visitors_in(p, 7.0 * effect_weeks[i]));
        if (difference == 0)
            continue;
        json_add_comma(b);
        buf_add_char(b, '{');
        add(b, "weeks", effect_weeks[i]);
        add(b, "difference", difference);
        add_known(b, "uplift", uplift_of(p, difference), has_uplift(p));
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

static void add_stops(const struct plan *p, struct buf *b)
{
    json_add_key(b, "stops");
    buf_add_char(b, '[');
    for (size_t i = 0; i < STOPS; i++) {
        double visitors = ceil(plan_stop(p, stop_times[i]));
        double days = ceil(visitors / (p->wish.daily * p->wish.coverage));
        double difference = p->difference * stop_times[i];
        if (isnan(visitors))
            continue;
        json_add_comma(b);
        buf_add_char(b, '{');
        add(b, "times", stop_times[i]);
        add(b, "difference", difference);
        add_known(b, "uplift", uplift_of(p, difference), has_uplift(p));
        add(b, "visitors", visitors);
        add_known(b, "days", days, !isnan(days));
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
}

void plan_write(const struct plan *p, struct buf *out)
{
    const struct plan_wish *w = &p->wish;
    bool has_days = plan_days(p) > 0;
    buf_add_char(out, '{');
    json_add_key(out, "metric");
    json_add_string(out, isnan(w->rate) ? "mean" : "rate");
    add(out, "baseline", p->baseline);
    add(out, "sd", w->sd);
    add(out, "difference", p->difference);
    add_known(out, "uplift", uplift_of(p, p->difference), has_uplift(p));
    json_add_key(out, "test");
    json_add_string(out, plan_tests[w->test]);
    add_known(out, "looks", (double)w->looks, w->test == PLAN_GROUP);
    add(out, "sides", (double)w->sides);
    add(out, "confidence", w->confidence);
    add(out, "alpha_per_comparison", p->design.alpha);
    add(out, "inflation", p->inflation);
    add(out, "variants", (double)w->variants);
    add(out, "visitors_per_variant", p->per_variant);
    add(out, "visitors", plan_visitors(p));
    add(out, "power", p->power);
    add_known(out, "days", plan_days(p), has_days);
    add_known(out, "weeks", plan_weeks(p), has_days);
    add_curve(p, out);
    add_effects(p, out);
    add_stops(p, out);
    buf_add_char(out, '}');
}
