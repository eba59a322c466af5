// SPDX-License-Identifier: GPL-3.0-or-later
/*
 *     calibrate [--seed N] [--only TEXT]   every run; the table on standard output
 *     calibrate --quick                    a fiftieth of the runs; the promises they disprove
 *     calibrate --check FILE               does the table in FILE come from this program?
 */
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUICK_SHARE = 50, QUICK_LEAST = 200, CONFUSED = 2, DEFAULT_SEED = 20240229 };

static const struct family *const families[] = {
    &calibrate_rates, &calibrate_means,  &calibrate_adjusted, &calibrate_ranks, &calibrate_bayes,
    &calibrate_looks, &calibrate_groups, &calibrate_split,    &calibrate_many,  &calibrate_after,
};
enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

struct options {
    uint64_t seed;
    bool is_quick;
    const char *only, *check;
};

static uint64_t runs_of(const struct scenario *scenario, bool is_quick)
{
    uint64_t runs = scenario->runs / QUICK_SHARE;
    if (!is_quick)
        return scenario->runs;
    return runs > QUICK_LEAST ? runs : QUICK_LEAST;
}

static void simulate(const struct scenario *scenario, const struct options *o, void *prepared,
                     struct tally *tallies)
{
    struct stream stream;
    stream_init(&stream, o->seed, scenario->name);
    for (uint64_t run = 0; run < runs_of(scenario, o->is_quick); run++) {
        stream_start(&stream, run);
        scenario->run(scenario, prepared, &stream, tallies);
    }
}

static void judge(const struct scenario *scenario, const struct options *o, struct tally *tallies,
                  struct count *count)
{
    double exact[ROWS];
    for (int i = 0; i < ROWS; i++)
        exact[i] = NAN;
    if (scenario->compute && !o->is_quick)
        scenario->compute(scenario, exact);
    for (int i = 0; i < ROWS && scenario->rows[i].promise; i++) {
        const struct row *row = &scenario->rows[i];
        struct verdict v = verdict_of(row, &tallies[i], exact[i], o->is_quick);
        count->kept += v.is_kept;
        count->broken += !v.is_kept;
        if (!o->is_quick || !v.is_kept)
            report_row(scenario, row, &v, exact[i], tallies[i].n);
    }
}

static void calibrate(const struct scenario *scenario, const struct options *o, struct count *count)
{
    struct tally tallies[ROWS] = {{0}};
    void *prepared = scenario->prepare ? scenario->prepare(scenario) : NULL;
    if (scenario->prepare && !prepared) {
        for (int i = 0; i < ROWS && scenario->rows[i].promise; i++) {
            count->skipped++;
            if (!o->is_quick)
                report_row(scenario, &scenario->rows[i], NULL, NAN, 0);
        }
        return;
    }
    simulate(scenario, o, prepared, tallies);
    free(prepared);
    judge(scenario, o, tallies, count);
}

static bool read_options(int argc, char **argv, struct options *o)
{
    *o = (struct options){.seed = DEFAULT_SEED};
    for (int i = 1; i < argc; i++) {
        bool has_next = i + 1 < argc;
        if (strcmp(argv[i], "--quick") == 0)
            o->is_quick = true;
        else if (has_next && strcmp(argv[i], "--seed") == 0)
            o->seed = strtoull(argv[++i], NULL, 10);
        else if (has_next && strcmp(argv[i], "--only") == 0)
            o->only = argv[++i];
        else if (has_next && strcmp(argv[i], "--check") == 0)
            o->check = argv[++i];
        else
            return false;
    }
    return true;
}

static void run_family(const struct family *family, const struct options *o, struct count *count)
{
    if (!o->is_quick)
        report_family(family);
    for (size_t s = 0; s < family->count; s++)
        if (!o->only || strstr(family->title, o->only) ||
            strstr(family->scenarios[s].name, o->only))
            calibrate(&family->scenarios[s], o, count);
}

int main(int argc, char **argv)
{
    stats_init();
    struct options o;
    struct count count = {0};
    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: calibrate [--quick] [--seed N] [--only TEXT] | --check FILE\n");
        return CONFUSED;
    }
    if (o.check)
        return report_is_of(o.check, families, FAMILIES, o.seed) ? 0 : 1;
    if (!o.is_quick)
        report_head(o.seed);
    for (size_t f = 0; f < FAMILIES; f++)
        run_family(families[f], &o, &count);
    report_count(o.is_quick ? stdout : stderr, &count);
    return count.broken > 0;
}
