// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files of prove share: the units made ready for many splits, and one split's sums.
 */
#pragma once

#include "prove/prove.h"

/* Exact sums over the units of an arm. */
struct prove_sums {
    uint64_t units, nonzero;
    __int128 x, xx, y, yy, xy;
};

/* A metric's units that did anything, in the order of exposure. */
struct prove_column {
    const struct prove_metric *metric;
    prove_test_fn *test;
    size_t count;
    uint32_t *index; /* of the unit */
    int64_t *x, *y;
    size_t *look_end;          /* by look: how many of them are in */
    struct prove_sums *totals; /* by look: both arms */
    double tau;                /* of the always-valid test, fixed before the first look */
};

struct prove_split {
    uint64_t *bits;        /* one a unit: in the treatment */
    uint64_t *treated;     /* by look: units in the treatment */
    struct prove_sums *of; /* by look: the treatment's sums of one metric */
};

struct prove_bench {
    const struct prove_units *units;
    const struct prove_plan *plan;
    size_t looks;
    int64_t look_us;
    size_t *look_end; /* by look: how many units are in */
    struct prove_column *columns;
    struct prove_split split;
};

/* A stream of random numbers that is a function of the index. */
uint64_t prove_random(uint64_t seed, uint64_t run, uint64_t index);

void prove_looks_init(struct prove_bench *b, struct arena *arena);
void prove_columns_init(struct prove_bench *b, struct arena *arena);

/* Gives every unit to an arm; fills bits and treated. */
void prove_split_draw(struct prove_bench *b, uint64_t run);
/* Fills split.of for one metric. */
void prove_split_sum(struct prove_bench *b, const struct prove_column *c);

struct prove_arm prove_arm_of(enum prove_kind kind, const struct prove_sums *sums);
struct prove_sums prove_sums_rest(const struct prove_sums *all, const struct prove_sums *part);
/* Returns the test that results use for this kind. */
prove_test_fn *prove_test_of(enum prove_kind kind);
/* The treatment with everything it did multiplied by 1 + uplift; conversions are added or taken
 * away by chance. */
struct prove_arm prove_arm_lifted(enum prove_kind kind, const struct prove_arm *arm,
                                  const struct prove_plan *plan, uint64_t run);
struct stats_number prove_planned_power(enum prove_kind kind, const struct prove_sums *all,
                                        const struct prove_plan *plan);

/* Which rules call within the run whose sums stand in the split: bits of enum prove_rule. */
unsigned prove_peek(const struct prove_bench *b, const struct prove_column *c);
double prove_tau(enum prove_kind kind, const struct prove_sums *all, double alpha);

struct stats_interval prove_rate_interval(const struct prove_rate *rate, double confidence);
/* Sorts 'p'; fills ks, ks_p, bins and the verdict of a finding whose false calls are counted. */
void prove_judge(struct prove_finding *f, double *p, double alpha);
