// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Calibration by simulation: does each method of stats/ keep what it promises? A scenario draws
 * data whose truth is known, asks a method, and tallies how often it was right: one tally a row.
 * Each row holds its promise against what was measured. Only public functions of stats/ are asked.
 */
#pragma once

#include "stream.h"

#include <stddef.h>

enum promise {
    NO_ROW,
    WITHIN,   /* the method promises low to high */
    AT_MOST,  /* it promises no more than high */
    AT_LEAST, /* it promises no less than low */
    KNOWN,    /* no promise: a behaviour that is known and stated, and stays in low to high */
};

enum unit {
    PERCENT,  /* how often: of hits */
    NUMBER,   /* mean of values */
    STANDARD, /* mean of values in standard deviations of them */
};

struct row {
    const char *what;
    enum promise promise;
    double low, high; /* in the row's unit: 5 is 5 % */
    enum unit unit;
};

/* Promises in rows: 5 % ± 0.3, half of it on one side, 95 % ± 0.3... */
#define FIVE              WITHIN, 4.7, 5.3, PERCENT
#define HALF              WITHIN, 2.3, 2.7, PERCENT
#define COVERS            WITHIN, 94.7, 95.3, PERCENT
#define UP_TO(high)       AT_MOST, 0, high, PERCENT
#define STATED(low, high) KNOWN, low, high, PERCENT

enum { ROWS = 10, SETTINGS = 6 };

/* What the runs of a scenario found for one row. */
struct tally {
    uint64_t n, hits;
    struct stats_running values;
};

void tally_hit(struct tally *tally, bool is_hit);
void tally_value(struct tally *tally, double value);
/* Three tallies: rejected at 5 %, for treatment, for control. */
void tally_sides(struct tally *tallies, const struct stats_effect *effect);

/* Whether a known interval holds the truth. */
bool covers(struct stats_interval interval, double truth);

struct scenario {
    const char *name;
    uint64_t runs;
    double set[SETTINGS]; /* numbers of the scenario: sizes, rates */
    /* Made once before the runs, freed by free(); NULL where there is nothing to make. Returns NULL
     * where its data is not there: the scenario is skipped. */
    void *(*prepare)(const struct scenario *scenario);
    void (*run)(const struct scenario *scenario, void *prepared, struct stream *stream,
                struct tally *tallies);
    /* Fills each row's exact figure where it can be computed (NAN where not); may be NULL. */
    void (*compute)(const struct scenario *scenario, double *ret_exact);
    struct row rows[ROWS];
};

struct family {
    const char *title, *text;
    const struct scenario *scenarios;
    size_t count;
};

extern const struct family calibrate_rates, calibrate_means, calibrate_adjusted, calibrate_ranks,
    calibrate_bayes, calibrate_looks, calibrate_groups, calibrate_split, calibrate_many,
    calibrate_after;

/* What one row came to. */
struct verdict {
    double measured;
    struct stats_interval interval; /* 95 %, of the simulation's own noise */
    bool is_kept;
    const char *word;
};

/* is_quick: few runs; then a promise is broken only where chance could not do it once in two
 * million. exact: NAN where not computed. */
struct verdict verdict_of(const struct row *row, const struct tally *tally, double exact,
                          bool is_quick);

/* "5 ± 0.3 %", "at most 5 %"... into text. */
void promise_print(const struct row *row, char *text, size_t size);
/* A number in the row's unit. */
void figure_print(const struct row *row, double value, char *text, size_t size);
