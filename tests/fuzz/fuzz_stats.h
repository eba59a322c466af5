// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the statistics' fuzz targets share: bytes read as numbers of every kind, and what must hold
 * of a result whatever went in. A target is a table of calls; the first byte picks one.
 */
#pragma once

#include "base/mem.h"
#include "stats/stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes left; once there are none, every number is 0. */
struct feed {
    const uint8_t *at;
    size_t left;
};

typedef void (*fuzz_call)(struct feed *feed);

uint8_t feed_byte(struct feed *feed);
/* 0 .. limit - 1. */
size_t feed_index(struct feed *feed, size_t limit);
bool feed_flag(struct feed *feed);
/* Any double: NaN, infinities, denormals, whole numbers, decimals, raw bits. */
double feed_double(struct feed *feed);
/* A level or probability: mostly in (0, 1), sometimes any double. */
double feed_level(struct feed *feed);
/* Any count: small ones, up to 1e9, up to 2^64 - 1. */
uint64_t feed_count(struct feed *feed);
struct stats_prop feed_prop(struct feed *feed);
struct stats_estimate feed_estimate(struct feed *feed);
struct stats_moments feed_moments(struct feed *feed);
struct stats_comoments feed_comoments(struct feed *feed);

/* Finite, or unknown and then 0. */
void check_number(struct stats_number number);
/* lower <= upper, or unknown and then 0; infinite limits are allowed. */
void check_interval(struct stats_interval interval);
/* A known p in [0, 1] that its log10 agrees with. */
void check_p(struct stats_number p, struct stats_number log10_p);
/* Every field; where the status says that there is a test, the test is there, and its interval
 * excludes 0 exactly where p < 1 - conf. */
void check_test(const struct stats_effect *effect);
/* The same, of methods whose interval always holds the estimate: without a skewness correction. */
void check_effect(const struct stats_effect *effect);
void check_posterior(const struct stats_posterior *posterior);
void check_not_nan(double value);

/* Runs the call that the first byte picks. */
void fuzz_dispatch(const fuzz_call *calls, size_t count, const uint8_t *data, size_t size);
