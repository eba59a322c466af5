// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The streamed bootstrap. Philox against the known answers of its authors; the method against an
 * independent reading of its promise and against what it is for: skewed data.
 */
#include "draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { B = 399 };

static void philox_has_its_known_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], words[4];
    } rows[] = {
        {{0}, {0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        uint32_t words[4];
        stats_philox(rows[i].counter, rows[i].key, words);
        assert_memory_equal(words, rows[i].words, sizeof(words));
    }
}

/* Weights seen through one visitor of value 1: their sum has Poisson's mean and variance. */
static void weights_are_poisson(void **state)
{
    static struct stats_replicate replicates[STATS_BOOTSTRAP_MAX];
    struct stats_bootstrap arm;
    struct stats_running sums = {0};
    double neighbours = 0;
    int share[3] = {0};
    (void)state;
    stats_bootstrap_init(&arm, 5, replicates, STATS_BOOTSTRAP_MAX);
    stats_bootstrap_add(&arm, 17, 1);
    for (int i = 0; i < STATS_BOOTSTRAP_MAX; i++) {
        stats_running_add(&sums, replicates[i].n);
        if (i > 0)
            neighbours += (replicates[i].n - 1) * (replicates[i - 1].n - 1);
        if (replicates[i].n < 3)
            share[(int)replicates[i].n]++;
    }
    struct stats_moments m = stats_running_moments(&sums);
    assert_true(fabs(m.mean - 1) < 0.03);
    assert_true(fabs(neighbours / STATS_BOOTSTRAP_MAX) < 0.03);
    assert_true(fabs(m.m2 / STATS_BOOTSTRAP_MAX - 1) < 0.05);
    for (int k = 0; k < 3; k++)
        assert_true(fabs(share[k] - STATS_BOOTSTRAP_MAX * exp(-1) / (k == 2 ? 2 : 1)) < 300);
}

struct pair {
    struct stats_replicate replicates[2][B];
    struct stats_bootstrap arm[2];
    double work[B];
};

static void start(struct pair *p, uint64_t seed)
{
    for (int a = 0; a < 2; a++)
        stats_bootstrap_init(&p->arm[a], seed + (uint64_t)a, p->replicates[a], B);
}

static struct stats_effect effect(struct pair *p, double conf)
{
    return stats_bootstrap_t(&p->arm[0], &p->arm[1], conf, p->work);
}

static void fill(struct pair *p, struct draw *draw, double scale, double shift)
{
    int n[2] = {9 + (int)(draw_bits(draw) % 20), 9 + (int)(draw_bits(draw) % 20)};
    for (int a = 0; a < 2; a++)
        for (int i = 0; i < n[a]; i++)
            stats_bootstrap_add(&p->arm[a], (uint64_t)i,
                                scale * (exp(draw_normal(draw)) + a * shift));
}

/* One verdict; another unit, order or part-wise adding changes nothing. */
static void bootstrap_keeps_its_laws(void **state)
{
    static struct pair p, q;
    struct draw draw = {71};
    (void)state;
    for (int i = 0; i < 400; i++) {
        struct draw again = draw;
        double shift = 2 * draw_normal(&again), k = draw_magnitude(&again, -3, 3);
        draw = again;
        start(&p, (uint64_t)i * 2);
        start(&q, (uint64_t)i * 2);
        fill(&p, &draw, 1, shift);
        fill(&q, &again, k, shift);
        struct stats_effect e = effect(&p, 0.9), s = effect(&q, 0.9);
        assert_true(is_clean_effect(&e));
        assert_int_equal(e.status, STATS_OK);
        bool is_out = e.interval.lower > 0 || e.interval.upper < 0;
        assert_int_equal(e.p_two_sided.value < 0.1 - 1e-12, is_out);
        assert_true(e.p_two_sided.value >= 2. / (B + 1));
        assert_true(is_close(e.p_two_sided.value, s.p_two_sided.value, 1e-12, 0));
        assert_true(is_close(e.interval.lower * k, s.interval.lower, 1e-9, k));
        assert_true(e.interval.lower < e.diff.value && e.diff.value < e.interval.upper);
    }
}

static void bootstrap_refuses(void **state)
{
    static struct pair p;
    (void)state;
    start(&p, 1);
    assert_int_equal(effect(&p, 0.95).status, STATS_NO_DATA);
    for (int a = 0; a < 2; a++)
        stats_bootstrap_add(&p.arm[a], 0, 4);
    assert_int_equal(effect(&p, 0.95).status, STATS_INSUFFICIENT_DATA);
    for (int a = 0; a < 2; a++)
        stats_bootstrap_add(&p.arm[a], 1, 4);
    assert_int_equal(effect(&p, 0.95).status, STATS_ZERO_VARIANCE);
    assert_int_equal(effect(&p, 0).status, STATS_INVALID);
    /* One buyer an arm: a third of the replicates of both lacks a spread. */
    for (int a = 0; a < 2; a++)
        stats_bootstrap_add(&p.arm[a], 2, 9);
    assert_int_equal(effect(&p, 0.95).status, STATS_INSUFFICIENT_DATA);
    p.arm[1].seed = p.arm[0].seed;
    assert_int_equal(effect(&p, 0.95).status, STATS_INVALID);
    start(&p, 1);
    for (int i = 0; i < 50; i++)
        for (int a = 0; a < 2; a++)
            stats_bootstrap_add(&p.arm[a], (uint64_t)i, i % 7 + a);
    struct stats_effect wide = effect(&p, 0.999);
    assert_true(isinf(wide.interval.lower) && isinf(wide.interval.upper));
}

/* Exponential values, 20 against 200: Welch's misses are lopsided, the bootstrap's much less. */
static void bootstrap_is_less_lopsided(void **state)
{
    enum { RUNS = 1200 };
    static struct pair p;
    struct draw draw = {72};
    int welch[2] = {0}, boot[2] = {0};
    (void)state;
    for (int run = 0; run < RUNS; run++) {
        start(&p, (uint64_t)run * 2);
        for (int a = 0; a < 2; a++)
            for (int i = 0; i < (a ? 200 : 20); i++)
                stats_bootstrap_add(&p.arm[a], (uint64_t)i, -log1p(-draw_unit(&draw)));
        struct stats_moments m1 = stats_running_moments(&p.arm[0].all);
        struct stats_moments m2 = stats_running_moments(&p.arm[1].all);
        struct stats_interval w = stats_welch(&m1, &m2, 0.9).interval;
        struct stats_interval b = effect(&p, 0.9).interval;
        welch[0] += w.lower > 0;
        welch[1] += w.upper < 0;
        boot[0] += b.lower > 0;
        boot[1] += b.upper < 0;
    }
    assert_true(abs(welch[0] - welch[1]) > RUNS / 20);
    assert_true(2 * abs(boot[0] - boot[1]) < abs(welch[0] - welch[1]));
    assert_in_range(boot[0] + boot[1], RUNS * 0.07, RUNS * 0.14);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_has_its_known_answers), cmocka_unit_test(weights_are_poisson),
        cmocka_unit_test(bootstrap_keeps_its_laws),     cmocka_unit_test(bootstrap_refuses),
        cmocka_unit_test(bootstrap_is_less_lopsided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
