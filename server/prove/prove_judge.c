// SPDX-License-Identifier: GPL-3.0-or-later
#include "prove/prove_private.h"

#include <math.h>
#include <stdlib.h>

struct stats_interval prove_rate_interval(const struct prove_rate *rate, double confidence)
{
    const struct stats_prop prop = {.x = rate->count, .n = rate->of};
    return stats_wilson(&prop, confidence);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov's limit with Stephens' correction for the number of values [Stephens 1970]. */
static double kolmogorov_q(double distance, double count)
{
    double root = sqrt(count), x = (root + 0.12 + 0.11 / root) * distance, sum = 0;
    if (x < 0.3)
        return 1; /* within 1e-5, where the series is slow */
    for (int k = 1; k <= 100; k++)
        sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * x * x);
    return sum < 0 ? 0 : sum > 1 ? 1 : sum;
}

void prove_judge(struct prove_finding *f, double *p, double alpha)
{
    const double count = (double)f->false_calls.of;
    const struct stats_interval around = prove_rate_interval(&f->false_calls, 0.99);
    f->verdict = PROVE_NOT_TESTED;
    if (f->false_calls.of == 0)
        return;
    qsort(p, f->false_calls.of, sizeof(*p), by_value);
    for (uint64_t i = 0; i < f->false_calls.of; i++) {
        f->ks = fmax(f->ks, fmax((double)(i + 1) / count - p[i], p[i] - (double)i / count));
        int bin = (int)(p[i] * PROVE_BINS);
        f->bins[bin < PROVE_BINS ? bin : PROVE_BINS - 1]++;
    }
    f->ks_p = kolmogorov_q(f->ks, count);
    f->verdict = around.lower > alpha   ? PROVE_TOO_MANY
                 : around.upper < alpha ? PROVE_TOO_FEW
                                        : PROVE_CALIBRATED;
}
