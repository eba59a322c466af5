// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The price of a results page's statistics: 100 metrics of three variants, made up from a seed,
 * each answered from its sufficient statistics in every default way. Without arguments prints the
 * metrics with some of the answers, one line of JSON each; with a number of rounds the microseconds
 * of processor time that one metric of a kind took in each round.
 */
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { METRICS = 100, ARMS = 3, KINDS = 3 };
enum kind { CONVERSION, MEAN, RATIO };

static const char *const kind_names[KINDS] = {"conversion", "mean", "ratio"};
static const struct stats_beta_prior jeffreys = {0.5, 0.5};
static const struct stats_normal_prior flat = {0, INFINITY};

struct metric {
    enum kind kind;
    struct stats_prop prop[ARMS];
    struct stats_sums sums[ARMS];
    struct stats_cross_sums cross[ARMS];
};

struct answer {
    struct stats_effect effect[ARMS];
    struct stats_always_valid always_valid[ARMS];
    struct stats_posterior posterior[ARMS];
    struct stats_estimate estimate[ARMS];
    struct stats_best best;
};

static double draw(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Visitors convert; buyers order once or twice, for about 50.00 with as large a spread. */
static void make_arm(struct metric *m, int arm, double n, double rate, uint64_t *state)
{
    double x = floor(n * rate * (1 + 3 * (draw(state) - 0.5) / sqrt(n * rate)));
    double orders = floor(x * 1.2), cents = floor(orders * 5000 * (0.95 + 0.1 * draw(state)));
    __int128 squares = (__int128)(orders * 5000 * 10000);
    m->prop[arm] = (struct stats_prop){(uint64_t)x, (uint64_t)n};
    m->sums[arm] = (struct stats_sums){
        .n = (uint64_t)n, .unit = 0.01, .s1 = (__int128)cents, .s2 = squares, .s3 = 0};
    m->cross[arm] = (struct stats_cross_sums){.n = (uint64_t)n,
                                              .unit_x = 0.01,
                                              .unit_y = 1,
                                              .x = (__int128)cents,
                                              .y = (__int128)orders,
                                              .xx = squares,
                                              .yy = (__int128)(orders * 1.4),
                                              .xy = (__int128)(cents * 1.3)};
}

static void make_metrics(struct metric metrics[METRICS])
{
    uint64_t state = 1;
    for (int i = 0; i < METRICS; i++) {
        metrics[i].kind = i % 5 < 2 ? CONVERSION : i % 5 < 4 ? MEAN : RATIO;
        double n = floor(2000 * pow(1000, draw(&state))), rate = 0.01 * pow(20, draw(&state));
        for (int arm = 0; arm < ARMS; arm++)
            make_arm(&metrics[i], arm, floor(n * (0.97 + 0.06 * draw(&state))), rate, &state);
    }
}

/* Tests at fixed horizon and always-valid ones. */
static void answer_tests(const struct metric *m, struct answer *a)
{
    struct stats_moments moments[ARMS];
    struct stats_comoments comoments[ARMS];
    for (int i = 0; i < ARMS; i++) {
        stats_moments_from_sums(&m->sums[i], &moments[i]);
        stats_comoments_from_sums(&m->cross[i], &comoments[i]);
        a->estimate[i] = m->kind == CONVERSION ? stats_prop_estimate(&m->prop[i])
                         : m->kind == MEAN     ? stats_mean_estimate(&moments[i])
                                               : stats_ratio_arm(&comoments[i]).estimate;
    }
    for (int i = 1; i < ARMS; i++) {
        double n = (double)(m->prop[0].n + m->prop[i].n);
        double se = sqrt(a->estimate[0].variance + a->estimate[i].variance);
        double tau = stats_asymptotic_rho(20000, 0.05) * se * sqrt(n);
        a->effect[i] = m->kind == CONVERSION
                           ? stats_prop_diff(&m->prop[0], &m->prop[i], 0.95).effect
                       : m->kind == MEAN ? stats_welch(&moments[0], &moments[i], 0.95)
                                         : stats_ratio(&comoments[0], &comoments[i], 0.95);
        a->always_valid[i] =
            stats_always_valid_uplift(a->estimate[0], a->estimate[i], 0, tau, 0.05);
    }
}

static void answer_posteriors(const struct metric *m, struct answer *a)
{
    for (int i = 1; i < ARMS; i++)
        a->posterior[i] =
            m->kind == CONVERSION
                ? stats_beta_binomial(&jeffreys, &m->prop[0], &m->prop[i], 0.95, 0).posterior
                : stats_normal_compare(a->estimate[0], a->estimate[i], 0, &flat, 0.95, 0).posterior;
    a->best = m->kind == CONVERSION ? stats_beta_best(&jeffreys, m->prop, ARMS)
                                    : stats_normal_best(a->estimate, ARMS);
}

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void print_arm(const struct metric *m, int i)
{
    const struct stats_cross_sums *c = &m->cross[i];
    printf("%s{\"n\":%llu,\"converted\":%llu,\"x\":%lld,\"xx\":%lld,\"y\":%lld,\"yy\":%lld,"
           "\"xy\":%lld}",
           i ? "," : "", (unsigned long long)m->prop[i].n, (unsigned long long)m->prop[i].x,
           (long long)c->x, (long long)c->xx, (long long)c->y, (long long)c->yy, (long long)c->xy);
}

static void print_metric(const struct metric *m)
{
    struct answer a;
    answer_tests(m, &a);
    answer_posteriors(m, &a);
    printf("{\"kind\":\"%s\",\"arms\":[", kind_names[m->kind]);
    for (int i = 0; i < ARMS; i++)
        print_arm(m, i);
    printf("],\"p\":%.15g,\"interval\":[%.15g,%.15g],\"uplift_interval\":[%.15g,%.15g],"
           "\"always_valid_p\":%.15g,\"chance_to_win\":%.15g,\"expected_loss\":%.15g,"
           "\"credible_interval\":[%.15g,%.15g],\"credible_uplift\":[%.15g,%.15g],"
           "\"chance_to_be_best\":%.15g}\n",
           a.effect[1].p_two_sided.value, a.effect[1].interval.lower, a.effect[1].interval.upper,
           a.effect[1].uplift_interval.lower, a.effect[1].uplift_interval.upper,
           a.always_valid[1].p.value, a.posterior[1].chance_to_win.value,
           a.posterior[1].loss_choose_treatment.value, a.posterior[1].interval.lower,
           a.posterior[1].interval.upper, a.posterior[1].uplift_interval.lower,
           a.posterior[1].uplift_interval.upper, a.best.p_best[1]);
}

static void print_round(const struct metric metrics[METRICS])
{
    double tests[KINDS] = {0}, posteriors[KINDS] = {0}, most[2] = {0}, checksum = 0;
    int count[KINDS] = {0};
    for (int i = 0; i < METRICS; i++) {
        struct answer a;
        enum kind kind = metrics[i].kind;
        double begun = cpu_us();
        answer_tests(&metrics[i], &a);
        double tested = cpu_us();
        answer_posteriors(&metrics[i], &a);
        double done = cpu_us();
        tests[kind] += tested - begun;
        posteriors[kind] += done - tested;
        most[0] = fmax(most[0], tested - begun);
        most[1] = fmax(most[1], done - tested);
        count[kind]++;
        checksum += a.effect[1].p_two_sided.value + a.best.p_best[0];
    }
    printf("{\"checksum\":%.12g,\"highest_tests_us\":%.2f,\"highest_posteriors_us\":%.2f", checksum,
           most[0], most[1]);
    for (int k = 0; k < KINDS; k++)
        printf(",\"%s\":{\"tests_us\":%.3f,\"posteriors_us\":%.3f}", kind_names[k],
               tests[k] / count[k], posteriors[k] / count[k]);
    printf("}\n");
}

int main(int argc, char **argv)
{
    stats_init();
    static struct metric metrics[METRICS];
    make_metrics(metrics);
    for (int i = 0; argc == 1 && i < METRICS; i++)
        print_metric(&metrics[i]);
    for (int i = 0; argc == 2 && i < atoi(argv[1]); i++)
        print_round(metrics);
    return argc > 2 ? 2 : 0;
}
