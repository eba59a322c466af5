// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/core/root.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { MAX_STEPS = 200 };

struct bracket {
    double a, b, c;    /* b the best point, c on the other side of the root, a the one before b */
    double fa, fb, fc; /* values there */
    double d, e;       /* last step and the one before */
};

static void swap_best(struct bracket *k)
{
    if (fabs(k->fc) >= fabs(k->fb))
        return;
    k->a = k->b;
    k->b = k->c;
    k->c = k->a;
    k->fa = k->fb;
    k->fb = k->fc;
    k->fc = k->fa;
}

/* Secant or inverse quadratic step; false where only bisection is safe. */
static bool interpolate(const struct bracket *k, double half, double tol, double *ret_step)
{
    double s = k->fb / k->fa, p, q;
    if (!isfinite(s) || !isfinite(k->fc))
        return false;
    if (k->a == k->c) {
        p = 2 * half * s;
        q = 1 - s;
    } else {
        double u = k->fa / k->fc, v = k->fb / k->fc;
        p = s * (2 * half * u * (u - v) - (k->b - k->a) * (v - 1));
        q = (u - 1) * (v - 1) * (s - 1);
    }
    if (p > 0)
        q = -q;
    p = fabs(p);
    if (!(2 * p < fmin(3 * half * q - fabs(tol * q), fabs(k->e * q))))
        return false;
    *ret_step = p / q;
    return true;
}

static void step(struct bracket *k, double half, double tol)
{
    double next;
    if (fabs(k->e) >= tol && fabs(k->fa) > fabs(k->fb) && interpolate(k, half, tol, &next)) {
        k->e = k->d;
        k->d = next;
    } else {
        k->d = half;
        k->e = half;
    }
    k->a = k->b;
    k->fa = k->fb;
    k->b += fabs(k->d) > tol ? k->d : copysign(tol, half);
}

double stats_root(stats_fn f, const void *context, double lo, double hi)
{
    return stats_root_within(f, context, lo, hi, 0);
}

double stats_root_within(stats_fn f, const void *context, double lo, double hi, double tolerance)
{
    struct bracket k = {.a = lo, .b = hi, .c = hi, .fa = f(lo, context), .fb = f(hi, context)};
    if (k.fa == 0)
        return lo;
    if (k.fb == 0)
        return hi;
    if ((k.fa > 0) == (k.fb > 0))
        return fabs(k.fa) < fabs(k.fb) ? lo : hi;
    k.fc = k.fb;
    for (int i = 0; i < MAX_STEPS; i++) {
        if ((k.fb > 0) == (k.fc > 0)) {
            k.c = k.a;
            k.fc = k.fa;
            k.d = k.e = k.b - k.a;
        }
        swap_best(&k);
        double tol = 2 * DBL_EPSILON * fabs(k.b) + tolerance / 2 + DBL_MIN, half = (k.c - k.b) / 2;
        if (fabs(half) <= tol || k.fb == 0)
            break;
        step(&k, half, tol);
        k.fb = f(k.b, context);
    }
    return k.b;
}

double stats_root_from(stats_fn f, const void *context, double start, double step, double limit,
                       double tolerance)
{
    double at = start, sign = f(start, context);
    for (int i = 0; i < MAX_STEPS; i++) {
        double next = start + step;
        if (fabs(next - start) >= fabs(limit - start))
            next = limit;
        double value = f(next, context);
        if (sign == 0 || value == 0 || (sign > 0) != (value > 0))
            return stats_root_within(f, context, at, next, tolerance);
        if (next == limit)
            break;
        at = next;
        step *= 2;
    }
    return limit;
}
