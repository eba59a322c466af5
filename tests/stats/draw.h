// SPDX-License-Identifier: GPL-3.0-or-later
/* Seeded random inputs for laws that must hold for any input. */
#pragma once

#include "stats/stats.h"

#include <stdbool.h>
#include <stdint.h>

/* splitmix64: the state is the seed. */
struct draw {
    uint64_t state;
};

uint64_t draw_bits(struct draw *draw);
/* How many inputs a costly law gets: 100,000 with METE_TEST_LONG, else 10,000. */
int draw_costly_inputs(void);
/* Uniform in [0, 1). */
double draw_unit(struct draw *draw);
/* Sum of 12 uniforms less 6: near enough to normal. */
double draw_normal(struct draw *draw);
/* 10^uniform(lo, hi). */
double draw_magnitude(struct draw *draw, double lo, double hi);
/* An arm of 1 to 1e7 visitors, sometimes nobody or everybody converting. */
struct stats_prop draw_prop(struct draw *draw);
/* Two arms of similar rates, so that neither verdict is rare. */
void draw_props(struct draw *draw, struct stats_prop *ret_control,
                struct stats_prop *ret_treatment);
/* Two arms of similar means, of 2 to 1e7 visitors. */
void draw_moments(struct draw *draw, struct stats_moments *ret_control,
                  struct stats_moments *ret_treatment);

/* Whether a number or interval is either unknown or free of NaN. */
bool is_clean(struct stats_number number);
bool is_clean_interval(struct stats_interval interval);
bool is_clean_effect(const struct stats_effect *effect);
bool is_clean_posterior(const struct stats_posterior *posterior);

/* |a - b| <= tolerance max(|a|, |b|, floor). */
bool is_close(double a, double b, double tolerance, double floor);
