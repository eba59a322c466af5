// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/quad.h"

enum { N = STATS_QUAD_NODES };

const double stats_quad_x[N] = {
    -0.9894009349916499326,  -0.94457502307323257608,  -0.86563120238783174388,
    -0.7554044083550030339,  -0.61787624440264374845,  -0.45801677765722738634,
    -0.28160355077925891323, -0.095012509837637440185, 0.095012509837637440185,
    0.28160355077925891323,  0.45801677765722738634,   0.61787624440264374845,
    0.7554044083550030339,   0.86563120238783174388,   0.94457502307323257608,
    0.9894009349916499326,
};

const double stats_quad_w[N] = {
    0.027152459411754094852, 0.062253523938647892863, 0.09515851168249278481,
    0.12462897125553387205,  0.14959598881657673208,  0.16915651939500253819,
    0.18260341504492358887,  0.18945061045506849629,  0.18945061045506849629,
    0.18260341504492358887,  0.16915651939500253819,  0.14959598881657673208,
    0.12462897125553387205,  0.09515851168249278481,  0.062253523938647892863,
    0.027152459411754094852,
};

double stats_quad(stats_fn f, const void *context, double lo, double hi, int panels)
{
    double half = (hi - lo) / panels / 2, total = 0;
    for (int i = 0; i < panels; i++) {
        double mid = lo + (2 * i + 1) * half, sum = 0;
        for (int j = 0; j < N; j++)
            sum += stats_quad_w[j] * f(mid + half * stats_quad_x[j], context);
        total += sum;
    }
    return total * half;
}

void stats_quad_antiderivative(const double f[N], double ret_c[N + 1])
{
    /* f = sum a_k P_k with a_k = (k + 1/2) sum w f P_k; the integral of P_k from -1 is
     * (P_k+1 - P_k-1) / (2k + 1), and P_1 + P_0 for k = 0. */
    double a[N] = {0};
    for (int j = 0; j < N; j++) {
        double weighted = stats_quad_w[j] * f[j], before = 0, p = 1;
        for (int k = 0; k < N; k++) {
            a[k] += weighted * p / 2; /* a_k / (2k + 1) */
            double next = ((2 * k + 1) * stats_quad_x[j] * p - k * before) / (k + 1);
            before = p;
            p = next;
        }
    }
    ret_c[0] = a[0] - a[1];
    for (int k = 1; k <= N; k++)
        ret_c[k] = a[k - 1] - (k + 1 < N ? a[k + 1] : 0);
}

double stats_quad_series(const double c[N + 1], double x)
{
    static const double inverse[N + 3] = {
        0,       1.,      1. / 2,  1. / 3,  1. / 4,  1. / 5,  1. / 6,  1. / 7,  1. / 8, 1. / 9,
        1. / 10, 1. / 11, 1. / 12, 1. / 13, 1. / 14, 1. / 15, 1. / 16, 1. / 17, 1. / 18};
    double b1 = 0, b2 = 0;
    for (int k = N; k >= 1; k--) {
        double b = c[k] + (2 * k + 1) * inverse[k + 1] * x * b1 - (k + 1) * inverse[k + 2] * b2;
        b2 = b1;
        b1 = b;
    }
    return c[0] + x * b1 - b2 / 2;
}

int stats_quad_merge(double *edges, int count, const double *more, int more_count)
{
    int i = count, j = more_count, total = count + more_count;
    for (int k = total; k-- > 0;) {
        if (j == 0)
            break;
        if (i > 0 && edges[i - 1] > more[j - 1])
            edges[k] = edges[--i];
        else
            edges[k] = more[--j];
    }
    return total;
}
