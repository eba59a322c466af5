// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Random numbers of one run: a function of seed, scenario and run alone (Philox), so that runs may
 * be made in any order, and the first ones of a long calibration are those of a short one.
 * Sums are drawn as such where their distribution is known: counts as binomial or Poisson numbers,
 * a normal sample as its mean and a chi-square.
 */
#pragma once

#include "stats/stats.h"

#include <stdbool.h>
#include <stdint.h>

struct stream {
    uint32_t key[2], counter[4], words[4];
    int left;     /* unused words */
    double spare; /* the second of a pair of normal deviates */
    bool has_spare;
};

/* name: of the scenario. */
void stream_init(struct stream *stream, uint64_t seed, const char *name);
/* The numbers of this run from their beginning. */
void stream_start(struct stream *stream, uint64_t run);

/* Uniform in (0, 1), never one of the ends. */
double stream_unit(struct stream *stream);
/* Standard normal: Marsaglia's polar method. */
double stream_normal(struct stream *stream);
/* Unit scale, shape > 0 [Marsaglia & Tsang 2000]. */
double stream_gamma(struct stream *stream, double shape);
double stream_chi2(struct stream *stream, double df);
double stream_beta(struct stream *stream, double a, double b);
/* Exact: inversion for a small mean, else transformed rejection [Hörmann 1993]. */
uint64_t stream_poisson(struct stream *stream, double mean);
uint64_t stream_binomial(struct stream *stream, uint64_t n, double p);
/* P(stream_binomial(n, p) = x). */
double stream_binomial_chance(double n, double p, double x);
struct stats_prop stream_prop(struct stream *stream, uint64_t n, double p);

/* The moments of n > 0 normal values; third moment 0. */
struct stats_moments stream_moments(struct stream *stream, uint64_t n, double mean, double sd);
/* The co-moments of n > 1 pairs of standard normal values with correlation rho [Bartlett 1933]. */
struct stats_comoments stream_comoments(struct stream *stream, uint64_t n, double rho);
