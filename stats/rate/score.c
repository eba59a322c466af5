// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/rate/prop.h"

#include "stats/core/dist.h"
#include "stats/core/root.h"
#include "stats/effect/contrast.h"

#include <math.h>

enum { FEW = 5 };

/*
 * The constrained likelihood, with the smaller of the two rates, u, as the unknown and the other
 * at u + delta, so that neither loses digits to a subtraction.
 */
struct constrained {
    double low_x, low_f, high_x, high_f; /* conversions and failures of the two arms */
    double delta;
};

/* The score in u times u (if it has a pole at 0), 1 - u, v and 1 - v (if it has a pole there). */
static double score(double u, const void *context)
{
    const struct constrained *c = context;
    double v = u + c->delta, near_0 = c->low_x > 0 ? u : 1, near_1 = c->high_f > 0 ? 1 - v : 1;
    return c->low_x * (1 - u) * v * near_1 - c->low_f * near_0 * v * near_1 +
           c->high_x * near_0 * (1 - u) * near_1 - c->high_f * near_0 * (1 - u) * v;
}

/* Maximum of the likelihood in u: between the two arms' own maxima, or on the border. */
static double constrained_rate(const struct constrained *c)
{
    double own = c->low_x / (c->low_x + c->low_f);
    double other = c->high_x / (c->high_x + c->high_f) - c->delta;
    double lo = fmax(0, fmin(own, other)), hi = fmin(1 - c->delta, fmax(own, other));
    if (c->delta == 0)
        return (c->low_x + c->high_x) / (c->low_x + c->low_f + c->high_x + c->high_f);
    if (hi <= lo || score(lo, c) <= 0)
        return lo;
    return score(hi, c) >= 0 ? hi : stats_root(score, c, lo, hi);
}

/* Third central moment of a rate of n. */
static double third(double rate, double n)
{
    return rate * (1 - rate) * (1 - 2 * rate) / (n * n);
}

/* Of p2 - p1 where the rates are the most likely ones with difference d. */
struct spread {
    double variance, third;
};

static struct spread constrained_spread(const struct stats_prop *control,
                                        const struct stats_prop *treatment, double d)
{
    double x1 = (double)control->x, f1 = (double)(control->n - control->x);
    double x2 = (double)treatment->x, f2 = (double)(treatment->n - treatment->x);
    /* Rates near 1 are counted as failures near 0: the mirrored problem keeps their digits. */
    bool is_mirrored = x1 + x2 > f1 + f2;
    struct constrained c = {x1, f1, x2, f2, fabs(d)};
    if (is_mirrored)
        c = (struct constrained){f1, x1, f2, x2, fabs(d)};
    bool is_swapped = (d < 0) != is_mirrored;
    if (is_swapped)
        c = (struct constrained){c.high_x, c.high_f, c.low_x, c.low_f, c.delta};
    double u = constrained_rate(&c), v = u + c.delta;
    double low_n = c.low_x + c.low_f, high_n = c.high_x + c.high_f;
    double lopsided = third(v, high_n) - third(u, low_n);
    return (struct spread){fmax(0, u * (1 - u) / low_n + v * (1 - v) / high_n),
                           is_mirrored != is_swapped ? -lopsided : lopsided};
}

static double over_root(double difference, double variance)
{
    if (variance > 1e-34)
        return difference / sqrt(variance);
    if (fabs(difference) < 1e-15)
        return 0;
    return difference > 0 ? INFINITY : -INFINITY;
}

static bool have_units(const struct stats_prop *a, const struct stats_prop *b)
{
    return a->n > 0 && b->n > 0 && stats_prop_is_sound(a) && stats_prop_is_sound(b);
}

static double factor(const struct stats_prop *control, const struct stats_prop *treatment)
{
    double n = (double)control->n + (double)treatment->n;
    return n / (n - 1);
}

double stats_prop_z_diff(const struct stats_prop *control, const struct stats_prop *treatment,
                         double d, bool has_factor)
{
    if (!have_units(control, treatment) || !(d >= -1 && d <= 1))
        return NAN;
    double p1 = (double)control->x / (double)control->n;
    double p2 = (double)treatment->x / (double)treatment->n;
    double variance = constrained_spread(control, treatment, d).variance;
    if (has_factor)
        variance *= factor(control, treatment);
    return over_root(p2 - p1 - d, variance);
}

/*
 * The constrained failure rates q1 and q2 = t q1 - e at ratio t = 1 + e, from the larger root of
 * N t q^2 - (f1 + f2 + e (N + f1)) q + f1 e = 0: the same quadratic in 1 - p, for rates near 1.
 */
static void failure_rates(const struct stats_prop *a, const struct stats_prop *b, long double e,
                          long double ret_q[2])
{
    long double f1 = a->n - a->x, f2 = b->n - b->x, n = (long double)a->n + b->n, t = 1 + e;
    long double half = (f1 + f2 + e * (n + f1)) / 2,
                root = sqrtl(fmaxl(0, half * half - n * t * f1 * e));
    long double q = half >= 0 ? (half + root) / (n * t) : f1 * e / (half - root);
    ret_q[0] = fminl(1, fmaxl(q, fmaxl(0, e / t)));
    ret_q[1] = fminl(1, fmaxl(0, t * ret_q[0] - e));
}

/* The constrained rates, by the smaller root of N t p^2 - (n1 + x2 + t (n2 + x1)) p + x1 + x2. */
static void success_rates(const struct stats_prop *a, const struct stats_prop *b, long double e,
                          long double ret_p[2])
{
    long double x1 = a->x, n1 = a->n, x2 = b->x, n2 = b->n, t = 1 + e;
    long double half = (n1 + x2 + t * (n2 + x1)) / 2, product = (n1 + n2) * t * (x1 + x2);
    long double root = sqrtl(fmaxl(0, half * half - product));
    ret_p[0] = fminl((x1 + x2) / (half + root), fminl(1, 1 / t));
    ret_p[1] = t * ret_p[0];
}

/* The score statistic at ratio 1 + e, and what skews it: third moment / (6 variance^1.5). */
static double z_excess_ratio(const struct stats_prop *a, const struct stats_prop *b, long double e,
                             bool has_factor, double *ret_skew)
{
    long double x1 = a->x, n1 = a->n, x2 = b->x, n2 = b->n, t = 1 + e, rate[2], difference;
    bool is_high = x1 + x2 > n1 - x1 + n2 - x2;
    if (is_high) {
        failure_rates(a, b, e, rate);
        difference = t * ((n1 - x1) / n1) - (n2 - x2) / n2 - e;
    } else {
        success_rates(a, b, e, rate);
        difference = x2 / n2 - t * x1 / n1;
    }
    long double variance = rate[1] * (1 - rate[1]) / n2 + t * t * rate[0] * (1 - rate[0]) / n1;
    long double lopsided = rate[1] * (1 - rate[1]) * (1 - 2 * rate[1]) / (n2 * n2) -
                           t * t * t * rate[0] * (1 - rate[0]) * (1 - 2 * rate[0]) / (n1 * n1);
    if (has_factor)
        variance *= factor(a, b);
    *ret_skew = 0;
    if (!(variance > 0))
        return over_root((double)difference, 0);
    *ret_skew = (double)((is_high ? -lopsided : lopsided) / (6 * variance * sqrtl(variance)));
    return (double)(difference / sqrtl(variance));
}

double stats_prop_z_ratio(const struct stats_prop *control, const struct stats_prop *treatment,
                          double t, bool has_factor)
{
    double skew;
    if (!have_units(control, treatment) || !(t > 0) || isinf(t))
        return NAN;
    return z_excess_ratio(control, treatment, (long double)t - 1, has_factor, &skew);
}

struct score_target {
    const struct stats_prop *control, *treatment;
    double z;
    bool has_factor, is_corrected; /* corrected: for skewness */
};

/* The s with s + skew (s^2 - 1) = z; where there is none, its tangent, so that s rises in z. */
static double unskewed(double z, double skew)
{
    if (!isfinite(z) || !isfinite(skew))
        return z;
    return 2 * (z + skew) / (1 + sqrt(fmax(0, 1 + 4 * skew * (z + skew))));
}

static double corrected_diff(const struct stats_prop *a, const struct stats_prop *b, double d)
{
    struct spread s = constrained_spread(a, b, d);
    double variance = s.variance * factor(a, b), z = stats_prop_z_diff(a, b, d, true);
    return variance > 1e-34 ? unskewed(z, s.third / (6 * variance * sqrt(variance))) : z;
}

static double diff_beyond(double d, const void *context)
{
    const struct score_target *s = context;
    if (s->is_corrected)
        return corrected_diff(s->control, s->treatment, d) - s->z;
    return stats_prop_z_diff(s->control, s->treatment, d, s->has_factor) - s->z;
}

static double ratio_beyond(double log_t, const void *context)
{
    const struct score_target *s = context;
    double skew, z;
    z = z_excess_ratio(s->control, s->treatment, expm1l(log_t), s->has_factor, &skew);
    return (s->is_corrected ? unskewed(z, skew) : z) - s->z;
}

static struct stats_interval diff_within(struct score_target s)
{
    const struct stats_prop *control = s.control, *treatment = s.treatment;
    double n1 = (double)control->n, n2 = (double)treatment->n, z = s.z;
    double d = (double)treatment->x / n2 - (double)control->x / n1;
    double p = ((double)control->x + (double)treatment->x + 1) / (n1 + n2 + 2);
    double step = fmin(1, 1.2 * z * sqrt(p * (1 - p) * (1 / n1 + 1 / n2)));
    double lower = d <= -1 ? -1 : stats_root_from(diff_beyond, &s, d, -step, -1, 0);
    s.z = -z;
    double upper = d >= 1 ? 1 : stats_root_from(diff_beyond, &s, d, step, 1, 0);
    return stats_between(lower, upper);
}

/* The log ratio where the score statistic, falling in it, crosses s->z. */
static double solve_log_ratio(const struct score_target *s, double start, double step)
{
    bool is_right = ratio_beyond(start, s) > 0;
    return stats_root_from(ratio_beyond, s, start, is_right ? step : -step, is_right ? 650 : -650,
                           0);
}

static struct stats_interval ratio_within(struct score_target s)
{
    const struct stats_prop *control = s.control, *treatment = s.treatment;
    double x1 = (double)control->x, x2 = (double)treatment->x;
    double start = log((x2 + 0.5) / ((double)treatment->n + 0.5)) -
                   log((x1 + 0.5) / ((double)control->n + 0.5));
    double step = s.z * sqrt(1 / (x1 + 0.5) + 1 / (x2 + 0.5));
    double lower = x2 == 0 ? -1 : expm1(solve_log_ratio(&s, start, step));
    s.z = -s.z;
    double upper = x1 == 0 ? INFINITY : expm1(solve_log_ratio(&s, start, step));
    return stats_between(lower, upper);
}

struct stats_interval stats_prop_score_diff(const struct stats_prop *control,
                                            const struct stats_prop *treatment, double conf,
                                            bool has_factor)
{
    if (!have_units(control, treatment) || !(conf > 0 && conf < 1))
        return (struct stats_interval){0};
    return diff_within((struct score_target){.control = control,
                                             .treatment = treatment,
                                             .z = stats_norm_critical(conf),
                                             .has_factor = has_factor});
}

struct stats_interval stats_prop_score_ratio(const struct stats_prop *control,
                                             const struct stats_prop *treatment, double conf,
                                             bool has_factor)
{
    if (!have_units(control, treatment) || !(conf > 0 && conf < 1))
        return (struct stats_interval){0};
    return ratio_within((struct score_target){.control = control,
                                              .treatment = treatment,
                                              .z = stats_norm_critical(conf),
                                              .has_factor = has_factor});
}

static bool is_few(const struct stats_prop *arm)
{
    return arm->x < FEW || arm->n - arm->x < FEW;
}

static double log10_two_sided(double z)
{
    return fmin(0, (stats_norm_log_q(fabs(z)) + M_LN2) / M_LN10);
}

/* Pooled z; 0 where there is no variance. */
static double pooled_z(const struct stats_prop *control, const struct stats_prop *treatment)
{
    double n1 = (double)control->n, n2 = (double)treatment->n, n = n1 + n2;
    double x = (double)control->x + (double)treatment->x;
    double variance = x / n * ((n - x) / n) * (1 / n1 + 1 / n2);
    double d = (double)treatment->x / n2 - (double)control->x / n1;
    return variance > 0 ? d / sqrt(variance) : 0;
}

static void fill_effect(struct stats_effect *e, const struct stats_prop *control,
                        const struct stats_prop *treatment, double z_pooled)
{
    struct stats_estimate a = stats_prop_estimate(control), b = stats_prop_estimate(treatment);
    double n = (double)control->n + (double)treatment->n, z = z_pooled * sqrt((n - 1) / n);
    e->control = stats_known(a.value);
    e->treatment = stats_known(b.value);
    e->diff = stats_known(b.value - a.value);
    e->se = stats_known(sqrt(a.variance + b.variance));
    e->interval = stats_prop_score_diff(control, treatment, e->conf, true);
    e->uplift_interval = stats_prop_score_ratio(control, treatment, e->conf, true);
    if (control->x > 0)
        e->uplift = stats_known((b.value - a.value) / a.value);
    e->statistic = stats_known(z);
    e->p_two_sided = stats_known(2 * stats_norm_q(fabs(z)));
    e->log10_p = stats_known(log10_two_sided(z));
    if (is_few(control) || is_few(treatment))
        e->warnings |= STATS_WARN_FEW_CONVERSIONS;
    e->status = control->x == 0 ? STATS_BASELINE_ZERO : STATS_OK;
}

struct stats_prop_diff stats_prop_diff(const struct stats_prop *control,
                                       const struct stats_prop *treatment, double conf)
{
    struct stats_prop_diff r = {.effect = {.conf = conf}};
    if (!(conf > 0 && conf < 1) || !stats_prop_is_sound(control) ||
        !stats_prop_is_sound(treatment)) {
        r.effect.status = STATS_INVALID;
        return r;
    }
    if (control->n == 0 || treatment->n == 0) {
        r.effect.status = STATS_NO_DATA;
        return r;
    }
    double z = pooled_z(control, treatment);
    fill_effect(&r.effect, control, treatment, z);
    r.z_pooled = stats_known(z);
    r.p_pooled = stats_known(2 * stats_norm_q(fabs(z)));
    r.log10_p_pooled = stats_known(log10_two_sided(z));
    double half = stats_norm_critical(conf) * r.effect.se.value, d = r.effect.diff.value;
    r.wald = stats_between(d - half, d + half);
    return r;
}

struct stats_effect stats_prop_scas(const struct stats_prop *control,
                                    const struct stats_prop *treatment, double conf)
{
    struct stats_effect e = stats_prop_diff(control, treatment, conf).effect;
    if (!e.statistic.is_known)
        return e;
    struct score_target s = {control, treatment, stats_norm_critical(conf), true, true};
    double z = corrected_diff(control, treatment, 0);
    e.statistic = stats_known(z);
    e.p_two_sided = stats_known(fmin(1, 2 * stats_norm_q(fabs(z))));
    e.log10_p = stats_known(fmin(0, (stats_norm_log_q(fabs(z)) + M_LN2) / M_LN10));
    e.interval = diff_within(s);
    e.uplift_interval = ratio_within(s);
    return e;
}

static bool has_arms(const struct stats_prop *a, const struct stats_prop *b, double margin)
{
    return have_units(a, b) && margin > 0 && margin < 1;
}

struct stats_noninferiority_prop stats_noninferiority_diff(const struct stats_prop *control,
                                                           const struct stats_prop *treatment,
                                                           double margin)
{
    if (!has_arms(control, treatment, margin))
        return (struct stats_noninferiority_prop){.status = STATS_INVALID};
    double z = stats_prop_z_diff(control, treatment, -margin, true);
    double fm = stats_prop_z_diff(control, treatment, -margin, false);
    return (struct stats_noninferiority_prop){
        .z = z, .p = stats_norm_q(z), .z_fm = fm, .p_fm = stats_norm_q(fm)};
}

struct stats_noninferiority_prop stats_noninferiority_ratio(const struct stats_prop *control,
                                                            const struct stats_prop *treatment,
                                                            double margin)
{
    if (!has_arms(control, treatment, margin))
        return (struct stats_noninferiority_prop){.status = STATS_INVALID};
    double z = stats_prop_z_ratio(control, treatment, 1 - margin, true);
    double fm = stats_prop_z_ratio(control, treatment, 1 - margin, false);
    return (struct stats_noninferiority_prop){
        .z = z, .p = stats_norm_q(z), .z_fm = fm, .p_fm = stats_norm_q(fm)};
}
