// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/prove/verb_prove.h"

#include "base/json/json.h"
#include "tools/cli/table.h"

#include <string.h>

static double number_of(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/* "4.8 % (3.6-6.3)", or "-" where nothing was asked. */
static void cell_of_rate(struct table *t, const json_t *rate)
{
    const json_t *interval = json_object_get(rate, "interval");
    if (!json_is_object(rate)) {
        table_cell(t, "-");
        return;
    }
    table_cell(t, "%.1f %% (%.1f-%.1f)", 100 * number_of(rate, "rate"),
               100 * json_number_value(json_array_get(interval, 0)),
               100 * json_number_value(json_array_get(interval, 1)));
}

static void print_tests(const json_t *metrics, double confidence, FILE *to)
{
    struct table t = {0};
    size_t i;
    json_t *m;
    static const char *const head[] = {"metric", "false calls", "coverage", "p uniform", "verdict"};
    for (i = 0; i < sizeof(head) / sizeof(head[0]); i++)
        table_cell(&t, "%s", head[i]);
    table_row(&t);
    json_array_foreach(metrics, i, m) {
        const json_t *p = json_object_get(m, "p_values");
        table_cell(&t, "%s", json_text_or(m, "key", ""));
        cell_of_rate(&t, json_object_get(m, "false_calls"));
        cell_of_rate(&t, json_object_get(m, "coverage"));
        if (json_is_object(p))
            table_cell(&t, "p %.3g", number_of(p, "ks_p"));
        else
            table_cell(&t, "-");
        table_cell(&t, "%s", json_text_or(m, "verdict", ""));
        table_row(&t);
    }
    fprintf(to,
            "Without any difference: %.3g %% of the tests should call one, %.3g %% of the "
            "intervals hold the truth\n",
            100 * (1 - confidence), 100 * confidence);
    table_print(&t, 2, to);
}

static void print_power(const json_t *metrics, double uplift, FILE *to)
{
    struct table t = {0};
    size_t i;
    json_t *m;
    static const char *const head[] = {"metric", "power", "planned", "uplift covered"};
    for (i = 0; i < sizeof(head) / sizeof(head[0]); i++)
        table_cell(&t, "%s", head[i]);
    table_row(&t);
    json_array_foreach(metrics, i, m) {
        const json_t *planned = json_object_get(m, "planned_power");
        table_cell(&t, "%s", json_text_or(m, "key", ""));
        cell_of_rate(&t, json_object_get(m, "power"));
        if (json_is_number(planned))
            table_cell(&t, "%.1f %%", 100 * json_number_value(planned));
        else
            table_cell(&t, "-");
        cell_of_rate(&t, json_object_get(m, "uplift_coverage"));
        table_row(&t);
    }
    fprintf(to, "\nWith %+.4g %% put into one arm: how often it is found\n", 100 * uplift);
    table_print(&t, 2, to);
}

static void print_peeking(const json_t *report, FILE *to)
{
    struct table t = {0};
    size_t i;
    json_t *m;
    const json_t *looks = json_object_get(report, "looks"),
                 *hours = json_object_get(looks, "hours");
    static const char *const head[] = {"metric", "p-value", "chance to win", "always valid"};
    static const char *const rules[] = {"p_value", "chance_to_win", "always_valid"};
    for (i = 0; i < sizeof(head) / sizeof(head[0]); i++)
        table_cell(&t, "%s", head[i]);
    table_row(&t);
    json_array_foreach(json_object_get(report, "metrics"), i, m) {
        const json_t *peeking = json_object_get(m, "peeking");
        table_cell(&t, "%s", json_text_or(m, "key", ""));
        for (size_t rule = 0; rule < sizeof(rules) / sizeof(rules[0]); rule++)
            cell_of_rate(&t, json_object_get(peeking, rules[rule]));
        table_row(&t);
    }
    fprintf(to, "\nLooking %.0f times", number_of(looks, "count"));
    if (json_is_number(hours))
        fprintf(to, ", every %.0f h", json_number_value(hours));
    fputs(", until a rule calls: how often it calls what is not there\n", to);
    table_print(&t, 2, to);
}

static void print_histograms(const json_t *metrics, FILE *to)
{
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    size_t i, k;
    json_t *m, *bin;
    fputs("\np-values from 0 to 1: flat when the test is right\n", to);
    json_array_foreach(metrics, i, m) {
        const json_t *bins = json_object_get(json_object_get(m, "p_values"), "bins");
        double most = 1;
        json_array_foreach(bins, k, bin)
            if (json_number_value(bin) > most)
                most = json_number_value(bin);
        fputs("  0 ", to);
        json_array_foreach(bins, k, bin)
            fputs(blocks[(int)(json_number_value(bin) / most * 8 + 0.5)], to);
        fprintf(to, " 1  %s\n", json_text_or(m, "key", ""));
    }
}

void prove_print(const json_t *report, FILE *to)
{
    const json_t *metrics = json_object_get(report, "metrics");
    double uplift = number_of(report, "uplift");
    fprintf(to, "%.0f visitors, split in two at random %.0f times (seed %.0f)\n\n",
            number_of(report, "units"), number_of(report, "runs"), number_of(report, "seed"));
    print_tests(metrics, number_of(report, "confidence"), to);
    if (uplift != 0)
        print_power(metrics, uplift, to);
    print_peeking(report, to);
    print_histograms(metrics, to);
}
