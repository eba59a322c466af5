// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/many/multiplicity.h"

#include "stats/core/dist.h"
#include "stats/core/quad.h"

#include <math.h>

struct family {
    double z, log_target;
    const uint64_t *n;
    size_t arms;
    double n_control;
};

/* phi(u) (1 - prod P(|Z_i| <= z given u)), the product's complement kept small. */
static double some_beyond(double u, const void *context)
{
    const struct family *f = context;
    double log_none = 0;
    for (size_t i = 0; i < f->arms; i++) {
        double n = (double)f->n[i], b = sqrt(n / (n + f->n_control));
        double r = sqrt(f->n_control / (n + f->n_control));
        double beyond = stats_norm_q((f->z - b * u) / r) + stats_norm_q((f->z + b * u) / r);
        log_none += log1p(-beyond);
    }
    return -expm1(log_none) * stats_norm_pdf(u);
}

enum { CORE = 25, STEP = 13, EDGES = CORE + STATS_DUNNETT_ARMS * STEP };

/* Panels of 3/8 over [0, 9], and finer ones where an arm much larger than the control makes the
 * integrand step: about u = z / b, r / b wide. */
static int place_edges(const struct family *f, double edges[EDGES])
{
    const double reach = 9;
    int count = CORE;
    for (int k = 0; k < CORE; k++)
        edges[k] = reach * k / (CORE - 1);
    for (size_t i = 0; i < f->arms; i++) {
        double more[STEP], width = sqrt(f->n_control / (double)f->n[i]);
        double middle = f->z * sqrt(1 + width * width);
        int extra = 0;
        for (int k = 0; k < STEP && width < 0.5; k++) {
            double u = middle + (1.5 * k - reach) * width;
            if (u > 0 && u < reach)
                more[extra++] = u;
        }
        count = stats_quad_merge(edges, count, more, extra);
    }
    return count;
}

static double chance(const struct family *f)
{
    double edges[EDGES], total = 0;
    int count = place_edges(f, edges);
    for (int k = 0; k + 1 < count; k++)
        total += stats_quad(some_beyond, f, edges[k], edges[k + 1], 1);
    return 2 * total;
}

static bool have_units(const struct family *f)
{
    for (size_t i = 0; i < f->arms; i++)
        if (f->n[i] == 0)
            return false;
    return f->arms > 0 && f->n_control > 0;
}

double stats_dunnett_p(double z, const uint64_t *n, size_t arms, uint64_t n_control)
{
    struct family f = {.z = z, .n = n, .arms = arms, .n_control = (double)n_control};
    if (!(z >= 0) || !have_units(&f))
        return NAN;
    if (arms > STATS_DUNNETT_ARMS)
        return fmin(1, 2 * stats_norm_q(z) * (double)arms);
    return fmin(1, chance(&f));
}

static double surplus(double z, const void *context)
{
    struct family f = *(const struct family *)context;
    f.z = z;
    return log(chance(&f)) - f.log_target;
}

double stats_dunnett_critical(double conf, const uint64_t *n, size_t arms, uint64_t n_control)
{
    struct family f = {
        .log_target = log(1 - conf), .n = n, .arms = arms, .n_control = (double)n_control};
    if (!(conf > 0 && conf < 1) || !have_units(&f))
        return NAN;
    double single = stats_norm_critical(conf);
    double bonferroni = stats_norm_z((1 - conf) / (double)arms / 2);
    if (arms > STATS_DUNNETT_ARMS)
        return bonferroni;
    return stats_root(surplus, &f, single * (1 - 1e-9), bonferroni * (1 + 1e-9));
}
