// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/plan.h"

#include <math.h>

#define STEPS 200 /* of bisection: to the last bit */

static bool is_rate(const struct plan_wish *w)
{
    return !isnan(w->rate);
}

static enum err check_metric(const struct plan_wish *w, struct fault *f)
{
    if (is_rate(w) == !isnan(w->mean))
        return fault_set(f, ERR_INVALID, "/rate", "either a rate or a mean is needed");
    if (is_rate(w) && !(w->rate > 0 && w->rate < 1))
        return fault_set(f, ERR_INVALID, "/rate", "a conversion rate is between 0 and 1");
    if (is_rate(w) && !isnan(w->sd))
        return fault_set(f, ERR_INVALID, "/sd", "a rate has no spread of its own");
    if (!is_rate(w) && !(w->sd > 0))
        return fault_set(f, ERR_INVALID, "/sd", "a mean needs its standard deviation, above 0");
    return ERR_OK;
}

static enum err check_effect(const struct plan_wish *w, struct fault *f)
{
    const double baseline = is_rate(w) ? w->rate : w->mean;
    if (!isnan(w->uplift) && !isnan(w->difference))
        return fault_set(f, ERR_INVALID, "/difference", "an uplift is given already");
    if (w->uplift == 0 || w->difference == 0)
        return fault_set(f, ERR_INVALID, w->uplift == 0 ? "/uplift" : "/difference",
                         "nothing to be seen in 0");
    if (!isnan(w->uplift) && baseline == 0)
        return fault_set(f, ERR_INVALID, "/uplift", "a mean of 0 has none; say a difference");
    double after = isnan(w->uplift) ? baseline + w->difference : baseline * (1 + w->uplift);
    if (is_rate(w) && !isnan(after) && !(after > 0 && after < 1))
        return fault_set(f, ERR_INVALID, isnan(w->uplift) ? "/difference" : "/uplift",
                         "a rate of %g cannot become %g", w->rate, after);
    return ERR_OK;
}

static enum err check_traffic(const struct plan_wish *w, struct fault *f)
{
    if (w->visitors && w->days)
        return fault_set(f, ERR_INVALID, "/days", "visitors are given already");
    if (w->days && isnan(w->daily))
        return fault_set(f, ERR_INVALID, "/daily", "how many visitors come a day?");
    if (!w->visitors && !w->days && isnan(w->uplift) && isnan(w->difference))
        return fault_set(f, ERR_INVALID, "/uplift",
                         "an uplift or a difference is needed, or visitors or days");
    if (w->test == PLAN_ALWAYS_VALID && w->sides == 1)
        return fault_set(f, ERR_INVALID, "/sides", "the always-valid test has two");
    return ERR_OK;
}

/* z that a fixed test must pass. */
static double critical(const struct plan *p)
{
    return stats_norm_z(p->design.alpha / p->design.sides);
}

/* Half-width of the always-valid interval in standard errors, where it is tuned to. */
static double always_valid_critical(const struct plan *p)
{
    const double alpha = p->design.alpha;
    return stats_mixture(0, 1, stats_msprt_tau(1, alpha), alpha).halfwidth.value;
}

/* Mean of z at the end with the power wished for, over that of a fixed test, squared. The
 * always-valid one may also end earlier, so it needs at most so many. */
static double inflation_of(const struct plan *p)
{
    double z_power = stats_norm_z(1 - p->wish.power), fixed = critical(p) + z_power;
    if (p->wish.test == PLAN_FIXED)
        return 1;
    if (p->wish.test == PLAN_GROUP)
        return stats_group_inflation(&p->group, p->wish.power).value;
    double ratio = (always_valid_critical(p) + z_power) / fixed;
    return ratio * ratio;
}

static double fixed_power(const struct plan *p, double per_variant, double difference)
{
    const struct plan_wish *w = &p->wish;
    if (is_rate(w))
        return stats_prop_power(&p->design, w->rate, w->rate + difference, per_variant, false);
    return stats_mean_power(&p->design, fabs(difference), w->sd, per_variant, false);
}

double plan_power(const struct plan *p, double per_variant, double difference)
{
    if (per_variant < 2)
        return 0;
    double power = fixed_power(p, per_variant, difference);
    if (p->wish.test == PLAN_FIXED || power >= 1 - 1e-12 || power <= 1e-12)
        return power;
    double drift = critical(p) - stats_norm_z(power);
    if (p->wish.test == PLAN_GROUP)
        return stats_group_power(&p->group, drift);
    return stats_norm_q(always_valid_critical(p) - drift);
}

double plan_stop(const struct plan *p, double times)
{
    const double units = p->per_variant / (times * times), difference = p->difference * times;
    const double rate = p->wish.rate + difference;
    if (p->wish.test != PLAN_ALWAYS_VALID || units < 2 ||
        (is_rate(&p->wish) && !(rate > 0 && rate < 1)))
        return NAN;
    double power = fixed_power(p, units, difference);
    if (!(power > 1e-12 && power < 1 - 1e-12))
        return NAN;
    /* In standard errors at the planned end: z grows with the root of the visitors. */
    double effect = (critical(p) - stats_norm_z(power)) * times;
    double tau = stats_msprt_tau(1, p->design.alpha);
    return stats_mixture_stop(effect, tau, p->design.alpha) * plan_visitors(p);
}

static void set_group(struct plan *p)
{
    struct stats_group *g = &p->group;
    g->looks = (int)p->wish.looks;
    g->alpha = p->design.alpha;
    g->is_two_sided = p->design.sides == 2;
    for (int i = 0; i < g->looks; i++)
        g->t[i] = (double)(i + 1) / g->looks;
    stats_group_bounds(g, STATS_SPEND_OBF, 0);
}

static double fixed_size(const struct plan *p, double difference)
{
    const struct plan_wish *w = &p->wish;
    if (is_rate(w))
        return stats_prop_size(&p->design, w->rate, w->rate + difference, w->power).pooled.value;
    return stats_mean_size(&p->design, fabs(difference), w->sd, w->power).t.value;
}

double plan_detectable(const struct plan *p, double per_variant)
{
    const double units = per_variant / p->inflation;
    if (is_rate(&p->wish)) {
        struct stats_number rate =
            stats_prop_detectable(&p->design, p->wish.rate, units, p->wish.power);
        return rate.is_known ? rate.value - p->wish.rate : 0;
    }
    if (units <= 2)
        return 0;
    double low = 0, high = p->wish.sd * 1e3;
    for (int i = 0; i < STEPS; i++) {
        double middle = (low + high) / 2;
        *(fixed_power(p, units, middle) < p->wish.power ? &low : &high) = middle;
    }
    return high;
}

static void set_design(struct plan *p)
{
    const struct plan_wish *w = &p->wish;
    p->design.alpha = (1 - w->confidence) / (double)(w->variants - 1);
    p->design.ratio = 1;
    p->design.sides = (int)w->sides;
    if (w->test == PLAN_GROUP)
        set_group(p);
    p->inflation = inflation_of(p);
    p->baseline = is_rate(w) ? w->rate : w->mean;
    p->difference = isnan(w->uplift) ? w->difference : p->baseline * w->uplift;
    if (w->visitors)
        p->per_variant = floor((double)w->visitors / (double)w->variants);
    else if (w->days)
        p->per_variant = plan_visitors_in(p, (double)w->days);
}

enum err plan_make(const struct plan_wish *wish, struct plan *ret, struct fault *ret_fault)
{
    struct plan p = {.wish = *wish};
    enum err e = check_metric(wish, ret_fault);
    e = e ? e : check_effect(wish, ret_fault);
    e = e ? e : check_traffic(wish, ret_fault);
    if (e)
        return e;
    set_design(&p);
    if (isnan(p.difference))
        p.difference = plan_detectable(&p, p.per_variant);
    if (p.difference == 0)
        return fault_set(ret_fault, ERR_INVALID, wish->visitors ? "/visitors" : "/days",
                         "so few visitors show no effect whatever its size");
    if (p.per_variant == 0)
        p.per_variant = ceil(fixed_size(&p, p.difference) * p.inflation);
    if (!(p.per_variant >= 2 && p.per_variant < 1e15))
        return fault_set(ret_fault, ERR_INVALID, isnan(wish->uplift) ? "/difference" : "/uplift",
                         "no number of visitors that could be reached shows this");
    p.power = plan_power(&p, p.per_variant, p.difference);
    *ret = p;
    return ERR_OK;
}

double plan_visitors_in(const struct plan *p, double days)
{
    const struct plan_wish *w = &p->wish;
    return floor(days * w->daily * w->coverage / (double)w->variants);
}

double plan_visitors(const struct plan *p)
{
    return p->per_variant * (double)p->wish.variants;
}

double plan_days(const struct plan *p)
{
    return isnan(p->wish.daily) ? 0 : ceil(plan_visitors(p) / (p->wish.daily * p->wish.coverage));
}

double plan_weeks(const struct plan *p)
{
    return ceil(plan_days(p) / 7);
}
