// SPDX-License-Identifier: GPL-3.0-or-later
/* Means per visitor: normal, heavy-tailed and recorded values. */
#include "sales.h"
#include "scenario.h"

#include <math.h>
#include <stdlib.h>

enum { N1, N2, FIRST, SECOND }; /* settings: visitors, then what the scenario needs */

/* FIRST, SECOND: the arms' sd. */
static void run_normal(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    struct stats_moments a = stream_moments(stream, (uint64_t)s->set[N1], 5, s->set[FIRST]);
    struct stats_moments b = stream_moments(stream, (uint64_t)s->set[N2], 5, s->set[SECOND]);
    struct stats_effect e = stats_welch(&a, &b, 0.95);
    (void)prepared;
    tally_sides(tallies, &e);
}

static void tally_sales(struct sales_pair *pair, struct tally *tallies)
{
    double cap = sales_cap(pair);
    struct stats_moments a = sales_moments(&pair->arm[0], INFINITY);
    struct stats_moments b = sales_moments(&pair->arm[1], INFINITY);
    struct stats_moments capped_a = sales_moments(&pair->arm[0], cap);
    struct stats_moments capped_b = sales_moments(&pair->arm[1], cap);
    struct stats_effect plain = stats_welch(&a, &b, 0.95);
    struct stats_effect capped = stats_welch(&capped_a, &capped_b, 0.95);
    struct stats_effect skewed = stats_welch_skewed(&a, &b, 0.95);
    tally_sides(&tallies[0], &plain);
    tally_sides(&tallies[3], &capped);
    tally_sides(&tallies[6], &skewed);
}

static void *prepare_sales(const struct scenario *s)
{
    (void)s;
    return calloc(1, sizeof(struct sales_pair));
}

/* FIRST: share of buyers, SECOND: sigma. */
static void run_sales(const struct scenario *s, void *prepared, struct stream *stream,
                      struct tally *tallies)
{
    struct sales_pair *pair = prepared;
    for (int i = 0; i < 2; i++)
        sales_draw(&pair->arm[i], stream, (uint64_t)s->set[N1 + i], s->set[FIRST], s->set[SECOND]);
    tally_sales(pair, tallies);
}

static void *prepare_record(const struct scenario *s)
{
    (void)s;
    return sales_record_read();
}

/* FIRST: treatment's share of the visitors. */
static void run_record(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    struct sales_record *record = prepared;
    sales_split(record, stream, s->set[FIRST]);
    tally_sales(&record->pair, tallies);
}

enum { REPLICATES = 399 };

struct resampled {
    struct sales_pair pair;
    struct stats_replicate replicates[2][REPLICATES];
    double work[REPLICATES];
};

static void *prepare_bootstrap(const struct scenario *s)
{
    (void)s;
    return calloc(1, sizeof(struct resampled));
}

/* Visitors who spent nothing: their weights add up to a Poisson number. */
static void resample(struct stats_bootstrap *arm, const struct sales *sales, struct stream *stream)
{
    uint64_t zeros = sales->n - sales->buyers;
    for (size_t i = 0; i < sales->buyers; i++)
        stats_bootstrap_add(arm, i, sales->values[i]);
    for (int i = 0; i < REPLICATES; i++) {
        struct stats_replicate *r = &arm->replicates[i];
        double weight = (double)stream_poisson(stream, (double)zeros), n = r->n + weight;
        if (!(weight > 0))
            continue;
        r->m2 += r->mean * r->mean * r->n * weight / n;
        r->mean *= r->n / n;
        r->n = n;
    }
    stats_running_merge(&arm->all, &(struct stats_running){.rest = {.n = zeros}});
}

static void run_bootstrap(const struct scenario *s, void *prepared, struct stream *stream,
                          struct tally *tallies)
{
    struct resampled *r = prepared;
    struct stats_bootstrap arm[2];
    for (int i = 0; i < 2; i++) {
        uint64_t seed = (uint64_t)(stream_unit(stream) * 0x1p53);
        sales_draw(&r->pair.arm[i], stream, (uint64_t)s->set[N1 + i], s->set[FIRST],
                   s->set[SECOND]);
        stats_bootstrap_init(&arm[i], 2 * seed + (uint64_t)i, r->replicates[i], REPLICATES);
        resample(&arm[i], &r->pair.arm[i], stream);
    }
    struct stats_effect e = stats_bootstrap_t(&arm[0], &arm[1], 0.95, r->work);
    struct stats_moments a = stats_running_moments(&arm[0].all);
    struct stats_moments b = stats_running_moments(&arm[1].all);
    struct stats_effect plain = stats_welch(&a, &b, 0.95);
    tally_sides(&tallies[0], &e);
    tally_sides(&tallies[3], &plain);
}

/* FIRST: control's mean, SECOND: the true uplift; sd 30. */
static void run_intervals(const struct scenario *s, void *prepared, struct stream *stream,
                          struct tally *tallies)
{
    double mean = s->set[FIRST], effect = mean * s->set[SECOND];
    struct stats_moments a = stream_moments(stream, (uint64_t)s->set[N1], mean, 30);
    struct stats_moments b = stream_moments(stream, (uint64_t)s->set[N2], mean + effect, 30);
    struct stats_effect e = stats_welch(&a, &b, 0.95);
    struct stats_interval delta = stats_uplift_delta(
        stats_mean_estimate(&a), stats_mean_estimate(&b), stats_norm_critical(0.95));
    (void)prepared;
    tally_hit(&tallies[0], covers(e.interval, effect));
    if (e.uplift_interval.is_known)
        tally_hit(&tallies[1], covers(e.uplift_interval, s->set[SECOND]));
    tally_hit(&tallies[2], covers(delta, s->set[SECOND]));
}

/* FIRST: the margin, as a share of a mean of 10. Treatment is worse by exactly the margin. */
static void run_margin(const struct scenario *s, void *prepared, struct stream *stream,
                       struct tally *tallies)
{
    double margin = 10 * s->set[FIRST];
    struct stats_moments a = stream_moments(stream, (uint64_t)s->set[N1], 10, 8);
    struct stats_moments b = stream_moments(stream, (uint64_t)s->set[N2], 10 - margin, 6);
    struct stats_noninferiority_mean absolute = stats_noninferior_abs(&a, &b, margin);
    (void)prepared;
    tally_hit(&tallies[0], absolute.p < 0.05);
    tally_hit(&tallies[1], stats_noninferior_rel(&a, &b, s->set[FIRST]).p < 0.05);
    tally_hit(&tallies[2], absolute.p_tost < 0.05);
}

#define NORMAL                                                                                     \
    .run = run_normal, .rows = {{"Welch", FIVE}, {"Welch, up", HALF}, {"Welch, down", HALF}}
#define SALES(welch, up, down, capped, capped_up, capped_down, hall, hall_up, hall_down)           \
    .rows = {                                                                                      \
        {"Welch", welch},                                                                          \
        {"Welch, up", up},                                                                         \
        {"Welch, down", down},                                                                     \
        {"Welch, capped at 99.9 %", capped},                                                       \
        {"Welch, capped, up", capped_up},                                                          \
        {"Welch, capped, down", capped_down},                                                      \
        {"Hall", hall},                                                                            \
        {"Hall, up", hall_up},                                                                     \
        {"Hall, down", hall_down},                                                                 \
    }
#define DRAWN    .prepare = prepare_sales, .run = run_sales
#define RECORDED .prepare = prepare_record, .run = run_record
#define RESAMPLED(boot, boot_up, boot_down, welch, welch_up, welch_down)                           \
    .prepare = prepare_bootstrap, .run = run_bootstrap,                                            \
    .rows = {                                                                                      \
        {"bootstrap-t, 399 replicates", boot}, {"bootstrap-t, up", boot_up},                       \
        {"bootstrap-t, down", boot_down},      {"Welch on the same", welch},                       \
        {"Welch on the same, up", welch_up},   {"Welch on the same, down", welch_down},            \
    }

static const struct scenario scenarios[] = {
    {"normal, 1,000 a side", 100000, {1000, 1000, 2, 2}, NORMAL},
    {"normal, 10 against 30, sd 1 against 3", 100000, {10, 30, 1, 3}, NORMAL},
    {"normal, 90,000 against 10,000, sd 1 against 2", 100000, {90000, 10000, 1, 2}, NORMAL},
    {"1 % buy, lognormal σ = 2, 10,000 a side",
     100000,
     {10000, 10000, 0.01, 2},
     DRAWN,
     SALES(STATED(2.7, 3.1), STATED(1.3, 1.7), STATED(1.3, 1.7), FIVE, HALF, HALF, STATED(2.7, 3.1),
           STATED(1.3, 1.7), STATED(1.3, 1.7))},
    {"1 % buy, lognormal σ = 2, 100,000 a side",
     100000,
     {1e5, 1e5, 0.01, 2},
     DRAWN,
     SALES(STATED(3.6, 4), STATED(1.7, 2.1), STATED(1.7, 2.1), FIVE, HALF, HALF, STATED(3.6, 4),
           STATED(1.7, 2.1), STATED(1.7, 2.1))},
    {"1 % buy, lognormal σ = 2, 1,000,000 a side",
     50000,
     {1e6, 1e6, 0.01, 2},
     DRAWN,
     SALES(STATED(4.2, 4.9), STATED(2, 2.5), STATED(2, 2.5), FIVE, HALF, HALF, STATED(4.2, 4.9), STATED(2, 2.5), STATED(2, 2.5))},
    {"1 % buy, lognormal σ = 2, 90,000 against 10,000",
     100000,
     {90000, 10000, 0.01, 2},
     DRAWN,
     SALES(STATED(13.1, 14.7), STATED(0.03, 0.13), STATED(13, 14.7), STATED(5.4, 6.1),
           STATED(1.1, 1.5), STATED(4.2, 4.8), STATED(2.9, 3.3), STATED(2.9, 3.3),
           STATED(0, 0.07))},
    {"5 % buy, lognormal σ = 1, 20,000 a side",
     50000,
     {20000, 20000, 0.05, 1},
     DRAWN,
     SALES(FIVE, HALF, HALF, FIVE, HALF, HALF, FIVE, HALF, HALF)},
    {"5 % buy, lognormal σ = 1, 9,000 against 1,000",
     100000,
     {9000, 1000, 0.05, 1},
     DRAWN,
     SALES(STATED(7, 7.9), STATED(0.36, 0.74), STATED(6.5, 7.4), STATED(5.9, 6.7),
           STATED(0.61, 1.27), STATED(5.1, 5.7), STATED(3.9, 4.4), STATED(2.5, 2.9),
           STATED(1.2, 1.6))},
    {"Hillstrom's spend, split in halves",
     100000,
     {0, 0, 0.5},
     RECORDED,
     SALES(FIVE, HALF, HALF, FIVE, HALF, HALF, FIVE, HALF, HALF)},
    {"Hillstrom's spend, split 90 to 10",
     100000,
     {0, 0, 0.1},
     RECORDED,
     SALES(STATED(5.7, 6.4), STATED(1, 1.4), STATED(4.6, 5.2), STATED(5.3, 6), STATED(1.2, 1.6),
           STATED(4, 4.5), FIVE, HALF, HALF)},
    {"2 % buy, lognormal σ = 2, 10,000 a side, resampled",
     10000,
     {10000, 10000, 0.02, 2},
     RESAMPLED(STATED(9.2, 10.4), STATED(4.5, 5.1), STATED(4.7, 5.3), STATED(3.2, 3.6),
               STATED(1.4, 1.8), STATED(1.6, 2))},
    {"5 % buy, lognormal σ = 1, 9,000 against 1,000, resampled",
     10000,
     {9000, 1000, 0.05, 1},
     RESAMPLED(STATED(6, 6.8), STATED(1.9, 2.4), STATED(4, 4.5), STATED(7.3, 8.2),
               STATED(0.43, 0.89), STATED(6.7, 7.5))},
    {"normal, mean 10, sd 30, + 10 %, 1,000 a side",
     100000,
     {1000, 1000, 10, 0.1},
     .run = run_intervals,
     .rows =
         {
             {"Welch's interval of the difference covers", COVERS},
             {"Fieller's interval of the uplift covers", COVERS},
             {"delta method's interval of the uplift covers", STATED(94.9, 95.4)},
         }},
    {"normal, mean 10, sd 30, + 50 %, 100 a side",
     100000,
     {100, 100, 10, 0.5},
     .run = run_intervals,
     .rows =
         {
             {"Welch's interval of the difference covers", COVERS},
             {"Fieller's interval of the uplift covers, where there is one", STATED(96.4, 96.8)},
             {"delta method's interval of the uplift covers", STATED(92.3, 93.2)},
         }},
    {"normal, 2,000 a side, worse by the margin of 10 %",
     100000,
     {2000, 2000, 0.1},
     .run = run_margin,
     .rows =
         {
             {"non-inferiority of the difference at its margin", FIVE},
             {"non-inferiority of the ratio at its margin", FIVE},
             {"equivalence at its margin", FIVE},
         }},
};

const struct family calibrate_means = {
    "Means per visitor",
    "Normal samples are drawn as their mean and a chi-square. Sales: most visitors spend nothing, "
    "buyers exp(σ Z). The\nrecorded visitors are those of Hillstrom's e-mail experiment (64,000, "
    "of "
    "whom 578 bought), assigned anew in every\nrun, so that no effect is certain. *capped*: values "
    "beyond the 99.9 % quantile of both arms count as that quantile.\n\nWith σ = 2 a sample holds "
    "too few of the values that make its mean: Welch rejects less than 5 % between arms of equal\n"
    "size (honest, but blind) and leans towards losers where treatment is the smaller arm. Capping "
    "heals the first\ncompletely and most of the second; Hall's correction removes the lean where "
    "skewness is moderate (Hillstrom, σ = 1)\nand stays below its level where it is extreme. "
    "Bootstrap-t is worth its price only for moderate skewness: with σ = 2\nit rejects twice as "
    "often as it should, so cap first.",
    scenarios, sizeof(scenarios) / sizeof(scenarios[0])};
