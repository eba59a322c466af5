// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/judge/results_trend.h"

#include <math.h>

#define FADING_LOOKS_MIN 7
#define FADING_CRITICAL  2.5758 /* two-sided p 0.01 */

/* What the units that came between two looks brought: of n units with the effect D and its variance
 * V, (n2 D2 - n1 D1) / (n2 - n1) with variance (n2^2 V2 - n1^2 V1) / (n2 - n1)^2, independent of
 * the looks before. Looks that add no units or no spread are taken together with the next. */
static size_t read_steps(const struct results *r, const struct results_path *path,
                         struct stats_trend_day *ret_steps)
{
    double units = 0, sum = 0, spread = 0;
    size_t count = 0;
    for (size_t i = 0; i + 1 < path->count; i++) {
        const struct results_point *p = &path->points[i];
        double n = p->units, effect = p->treatment.value - p->control.value;
        double more = n * n * (p->treatment.variance + p->control.variance) - spread;
        if (!p->is_usable || !(n > units) || !(more > 0))
            continue;
        ret_steps[count++] = (struct stats_trend_day){
            .day = r->days[i].number,
            .effect = {.value = (n * effect - sum) / (n - units),
                       .variance = more / ((n - units) * (n - units))},
        };
        units = n;
        sum = n * effect;
        spread += more;
    }
    return count;
}

/* Days that scatter more than their errors allow (weekdays differ) prove less of a slope. */
static bool is_sloping(const struct stats_trend *line)
{
    double scatter = 1;
    if (line->status != STATS_OK)
        return false;
    if (line->fit_q.is_known && line->fit_df.value > 0)
        scatter = fmax(1, line->fit_q.value / line->fit_df.value);
    return fabs(line->z.value) / sqrt(scatter) > FADING_CRITICAL;
}

struct results_trend results_trend_of(const struct results *r, const struct results_path *path)
{
    struct stats_trend_day *steps = arena_zalloc(r->arena, path->count * sizeof(*steps));
    const struct results_point *now = &path->points[path->count - 1];
    struct results_trend t = {.looks = read_steps(r, path, steps)};
    t.line = stats_trend(steps, t.looks, r->head.confidence);
    if (t.looks < FADING_LOOKS_MIN || !now->is_usable || !is_sloping(&t.line))
        return t;
    double effect = now->treatment.value - now->control.value;
    t.is_fading = effect > 0 ? t.line.slope.value < 0 : effect < 0 && t.line.slope.value > 0;
    return t;
}
