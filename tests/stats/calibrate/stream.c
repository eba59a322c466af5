// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream.h"

#include <math.h>

void stream_init(struct stream *stream, uint64_t seed, const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u ^ seed;
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    *stream = (struct stream){.key = {(uint32_t)hash, (uint32_t)(hash >> 32)}};
}

void stream_start(struct stream *stream, uint64_t run)
{
    stream->counter[0] = stream->counter[1] = 0;
    stream->counter[2] = (uint32_t)run;
    stream->counter[3] = (uint32_t)(run >> 32);
    stream->left = 0;
    stream->has_spare = false;
}

double stream_unit(struct stream *stream)
{
    if (stream->left == 0) {
        stats_philox(stream->counter, stream->key, stream->words);
        stream->left = 4;
        stream->counter[1] += ++stream->counter[0] == 0;
    }
    stream->left -= 2;
    uint64_t bits = (uint64_t)stream->words[stream->left] << 32 | stream->words[stream->left + 1];
    return ((double)(bits >> 11) + 0.5) * 0x1p-53;
}

double stream_normal(struct stream *stream)
{
    double u, v, s;
    if (stream->has_spare) {
        stream->has_spare = false;
        return stream->spare;
    }
    do {
        u = 2 * stream_unit(stream) - 1;
        v = 2 * stream_unit(stream) - 1;
        s = u * u + v * v;
    } while (s >= 1 || s == 0);
    double scale = sqrt(-2 * log(s) / s);
    stream->spare = v * scale;
    stream->has_spare = true;
    return u * scale;
}

double stream_gamma(struct stream *stream, double shape)
{
    if (shape < 1)
        return stream_gamma(stream, shape + 1) * pow(stream_unit(stream), 1 / shape);
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double z = stream_normal(stream), v = pow(1 + c * z, 3);
        if (v <= 0)
            continue;
        if (log(stream_unit(stream)) < z * z / 2 + d - d * v + d * log(v))
            return d * v;
    }
}

double stream_chi2(struct stream *stream, double df)
{
    return 2 * stream_gamma(stream, df / 2);
}

double stream_beta(struct stream *stream, double a, double b)
{
    double x = stream_gamma(stream, a), y = stream_gamma(stream, b);
    return x / (x + y);
}

static uint64_t poisson_rejected(struct stream *stream, double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse = log(1.1239 + 1.1328 / (b - 3.4)), sure = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = stream_unit(stream) - 0.5, v = stream_unit(stream), away = 0.5 - fabs(u);
        double k = floor((2 * a / away + b) * u + mean + 0.43);
        if (away >= 0.07 && v <= sure)
            return (uint64_t)k;
        if (k < 0 || (away < 0.013 && v > away))
            continue;
        if (log(v) + inverse - log(a / (away * away) + b) <=
            k * log(mean) - mean - stats_log_gamma(k + 1))
            return (uint64_t)k;
    }
}

uint64_t stream_poisson(struct stream *stream, double mean)
{
    if (mean > 20)
        return poisson_rejected(stream, mean);
    double u = stream_unit(stream), p = exp(-mean);
    uint64_t k = 0;
    while (u > p && k < 1000) {
        u -= p;
        p *= mean / (double)++k;
    }
    return k;
}

/* p <= 1/2 and n p >= 10. */
static uint64_t binomial_rejected(struct stream *stream, double n, double p)
{
    double sd = sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * p;
    double sure = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * sd, r = p / (1 - p);
    double m = floor((n + 1) * p);
    double top = (m + 0.5) * log((m + 1) / (r * (n - m + 1))) + stats_stirling_rest(m + 1) +
                 stats_stirling_rest(n - m + 1);
    for (;;) {
        double u = stream_unit(stream) - 0.5, v = stream_unit(stream), away = 0.5 - fabs(u);
        double k = floor((2 * a / away + b) * u + n * p + 0.5);
        if (away >= 0.07 && v <= sure)
            return (uint64_t)k;
        if (k < 0 || k > n)
            continue;
        if (log(v * alpha / (a / (away * away) + b)) <=
            top + (n + 1) * log((n - m + 1) / (n - k + 1)) +
                (k + 0.5) * log(r * (n - k + 1) / (k + 1)) - stats_stirling_rest(k + 1) -
                stats_stirling_rest(n - k + 1))
            return (uint64_t)k;
    }
}

uint64_t stream_binomial(struct stream *stream, uint64_t n, double p)
{
    if (p > 0.5)
        return n - stream_binomial(stream, n, 1 - p);
    if ((double)n * p >= 10)
        return binomial_rejected(stream, (double)n, p);
    double u = stream_unit(stream), chance = exp((double)n * log1p(-p));
    uint64_t k = 0;
    while (u > chance && k < n) {
        u -= chance;
        chance *= (double)(n - k) / (double)(k + 1) * p / (1 - p);
        k++;
    }
    return k;
}

double stream_binomial_chance(double n, double p, double x)
{
    return exp(stats_log_gamma(n + 1) - stats_log_gamma(x + 1) - stats_log_gamma(n - x + 1) +
               x * log(p) + (n - x) * log1p(-p));
}

struct stats_prop stream_prop(struct stream *stream, uint64_t n, double p)
{
    return (struct stats_prop){stream_binomial(stream, n, p), n};
}

struct stats_moments stream_moments(struct stream *stream, uint64_t n, double mean, double sd)
{
    struct stats_moments m = {.n = n};
    m.mean = mean + sd * stream_normal(stream) / sqrt((double)n);
    if (n > 1)
        m.m2 = sd * sd * stream_chi2(stream, (double)(n - 1));
    return m;
}

struct stats_comoments stream_comoments(struct stream *stream, uint64_t n, double rho)
{
    double root = sqrt((double)n), rest = sqrt(1 - rho * rho);
    double x = stream_normal(stream), y = rho * x + rest * stream_normal(stream);
    double a = sqrt(stream_chi2(stream, (double)(n - 1))), b = stream_normal(stream);
    double c2 = n > 2 ? stream_chi2(stream, (double)(n - 2)) : 0, along = rho * a + rest * b;
    return (struct stats_comoments){.n = n,
                                    .mean_x = x / root,
                                    .mean_y = y / root,
                                    .m2_x = a * a,
                                    .m2_y = along * along + rest * rest * c2,
                                    .c_xy = a * along};
}
