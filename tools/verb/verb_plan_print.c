// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/verb_plan.h"

#include <math.h>

#define ROWS        10
#define MARGIN      7
#define COLUMNS_MAX 120

static bool has_uplift(const struct plan *p)
{
    return p->baseline != 0;
}

static double uplift_of(const struct plan *p)
{
    return p->difference / fabs(p->baseline);
}

/* A block for a cell that is filled from 0 to 1. */
static const char *block(double filled)
{
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    int eighths = (int)floor(filled * 8 + 0.5);
    return blocks[eighths < 0 ? 0 : eighths > 8 ? 8 : eighths];
}

/* Power by visitors, from none to twice those of the plan. */
static void print_curve(const struct plan *p, unsigned columns, FILE *to)
{
    double power[COLUMNS_MAX];
    unsigned width = columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
    width = width > MARGIN + 10 ? width - MARGIN : 10;
    for (unsigned i = 0; i < width; i++)
        power[i] = plan_power(p, 2 * p->per_variant * (i + 0.5) / (double)width, p->difference);
    fputs("\nPower by visitors\n", to);
    for (int row = ROWS - 1; row >= 0; row--) {
        fprintf(to, "%4d %% ", (row + 1) * 100 / ROWS);
        for (unsigned i = 0; i < width; i++)
            fputs(block(power[i] * ROWS - row), to);
        fputc('\n', to);
    }
    fprintf(to, "%*s0%*.0f\n", MARGIN, "", (int)width - 1, 2 * plan_visitors(p));
}

static void print_effect(const struct plan *p, FILE *to)
{
    const struct plan_wish *w = &p->wish;
    if (!isnan(w->rate))
        fprintf(to, "conversion rate   %.4g %% -> %.4g %%", 100 * p->baseline,
                100 * (p->baseline + p->difference));
    else
        fprintf(to, "mean              %.6g -> %.6g (sd %.6g)", p->baseline,
                p->baseline + p->difference, w->sd);
    if (has_uplift(p))
        fprintf(to, ", uplift %+.4g %%", 100 * uplift_of(p));
    fprintf(to, "\nvariants          %lld, each with 1/%lld of the visitors\n",
            (long long)w->variants, (long long)w->variants);
    fprintf(to, "test              %s", plan_tests[w->test]);
    if (w->test == PLAN_GROUP)
        fprintf(to, ", %lld looks", (long long)w->looks);
    fprintf(to, ", %lld-sided, confidence %.4g %%", (long long)w->sides, 100 * w->confidence);
    if (w->variants > 2)
        fprintf(to, " over all %lld comparisons", (long long)w->variants - 1);
    if (w->test != PLAN_FIXED)
        fprintf(to, "; %s%.3g times the visitors of a fixed test",
                w->test == PLAN_ALWAYS_VALID ? "at most " : "", p->inflation);
    fputc('\n', to);
}

/* How soon the test ends when the effect is larger, or smaller, than what was planned for. */
static void print_stops(const struct plan *p, FILE *to)
{
    static const double times[] = {0.5, 1, 2, 4, 6, 10};
    if (p->wish.test != PLAN_ALWAYS_VALID)
        return;
    fputs("\nVisitors until its call, on average at most\n", to);
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        double visitors = ceil(plan_stop(p, times[i]));
        if (isnan(visitors))
            continue;
        if (has_uplift(p))
            fprintf(to, "%+9.4g %%", 100 * uplift_of(p) * times[i]);
        else
            fprintf(to, "%+11.6g", p->difference * times[i]);
        fprintf(to, "       %.0f\n", visitors);
    }
}

void plan_print(const struct plan *p, unsigned columns, FILE *to)
{
    print_effect(p, to);
    fprintf(to, "visitors          %.0f a variant, %.0f in all\n", p->per_variant,
            plan_visitors(p));
    fprintf(to, "power             %.1f %%\n", 100 * p->power);
    if (plan_days(p) > 0)
        fprintf(to, "duration          %.0f days: run it for %.0f whole week%s\n", plan_days(p),
                plan_weeks(p), plan_weeks(p) > 1 ? "s" : "");
    print_stops(p, to);
    print_curve(p, columns, to);
}
