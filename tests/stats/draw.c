// SPDX-License-Identifier: GPL-3.0-or-later
#include "draw.h"

#include <math.h>
#include <stdlib.h>

uint64_t draw_bits(struct draw *draw)
{
    uint64_t z = draw->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int draw_costly_inputs(void)
{
    return getenv("METE_TEST_LONG") ? 100000 : 10000;
}

double draw_unit(struct draw *draw)
{
    return (double)(draw_bits(draw) >> 11) * 0x1p-53;
}

double draw_normal(struct draw *draw)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += draw_unit(draw);
    return sum;
}

double draw_magnitude(struct draw *draw, double lo, double hi)
{
    return pow(10, lo + (hi - lo) * draw_unit(draw));
}

static double draw_rate(struct draw *draw)
{
    double rate = draw_magnitude(draw, -4, 0);
    return draw_unit(draw) < 0.8 ? rate : 1 - rate;
}

struct stats_prop draw_prop(struct draw *draw)
{
    struct stats_prop arm = {.n = (uint64_t)draw_magnitude(draw, 0, 7)};
    double kind = draw_unit(draw);
    if (kind > 0.05)
        arm.x = kind > 0.95 ? arm.n : (uint64_t)((double)arm.n * draw_rate(draw));
    return arm;
}

void draw_props(struct draw *draw, struct stats_prop *ret_control, struct stats_prop *ret_treatment)
{
    *ret_control = draw_prop(draw);
    *ret_treatment = draw_prop(draw);
    if (draw_unit(draw) < 0.2)
        return;
    double n1 = (double)ret_control->n, n2 = (double)ret_treatment->n;
    double p = ((double)ret_control->x + 0.5) / (n1 + 1),
           se = sqrt(p * (1 - p) * (1 / n1 + 1 / n2));
    double x2 = floor(n2 * (p + 2 * draw_normal(draw) * se) + 0.5);
    ret_treatment->x = (uint64_t)fmin(n2, fmax(0, x2));
}

void draw_moments(struct draw *draw, struct stats_moments *ret_control,
                  struct stats_moments *ret_treatment)
{
    double mean = draw_magnitude(draw, -3, 4) * (draw_unit(draw) < 0.2 ? -1 : 1);
    double sd = fabs(mean) * draw_magnitude(draw, -1.5, 1.5);
    uint64_t n1 = (uint64_t)draw_magnitude(draw, 0.31, 7);
    uint64_t n2 = (uint64_t)draw_magnitude(draw, 0.31, 7);
    double se = sd * sqrt(1 / (double)n1 + 1 / (double)n2);
    double ratio = draw_magnitude(draw, -1, 1);
    *ret_control = (struct stats_moments){.n = n1, .mean = mean, .m2 = sd * sd * (double)(n1 - 1)};
    *ret_treatment = (struct stats_moments){.n = n2,
                                            .mean = mean + 2 * draw_normal(draw) * se,
                                            .m2 = ratio * sd * sd * (double)(n2 - 1)};
}

bool is_clean(struct stats_number number)
{
    return number.is_known ? !isnan(number.value) : number.value == 0;
}

bool is_clean_interval(struct stats_interval interval)
{
    if (!interval.is_known)
        return interval.lower == 0 && interval.upper == 0;
    return interval.lower <= interval.upper;
}

bool is_clean_effect(const struct stats_effect *effect)
{
    return is_clean(effect->control) && is_clean(effect->treatment) && is_clean(effect->diff) &&
           is_clean(effect->se) && is_clean_interval(effect->interval) &&
           is_clean(effect->uplift) && is_clean_interval(effect->uplift_interval) &&
           is_clean(effect->statistic) && is_clean(effect->df) && is_clean(effect->p_two_sided) &&
           is_clean(effect->log10_p);
}

bool is_clean_posterior(const struct stats_posterior *posterior)
{
    return is_clean(posterior->mean) && is_clean(posterior->sd) &&
           is_clean(posterior->chance_to_win) && is_clean(posterior->chance_to_lose) &&
           is_clean(posterior->loss_choose_treatment) && is_clean(posterior->loss_choose_control) &&
           is_clean_interval(posterior->interval) &&
           is_clean_interval(posterior->uplift_interval) && is_clean(posterior->chance_in_rope) &&
           is_clean(posterior->chance_above_rope);
}

bool is_close(double a, double b, double tolerance, double floor)
{
    return a == b || fabs(a - b) <= tolerance * fmax(floor, fmax(fabs(a), fabs(b)));
}
