// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/results/results_insight_print.h"

#include "base/json/json.h"
#include "tools/cli/table.h"

#include <math.h>

/* Of an interval or an object; NaN when it is not there. */
static double number(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static double number_of(const json_t *object, const char *name)
{
    return number(json_object_get(object, name));
}

/* Open ends are infinite. */
static double end_of(const json_t *interval, size_t end)
{
    const double value = number(json_array_get(interval, end));
    return isnan(value) ? end ? INFINITY : -INFINITY : value;
}

static void add_percent(struct table *t, double share)
{
    if (isnan(share))
        table_cell(t, "-");
    else
        table_cell(t, "%.1f %%", share * 100);
}

static void add_loss(struct table *t, double loss)
{
    if (isnan(loss))
        table_cell(t, "-");
    else
        table_cell(t, "%.6f", loss);
}

static void print_best(const json_t *insight, FILE *to)
{
    static const char *const titles[] = {"variant", "chance to be best", "of the best two",
                                         "expected loss"};
    const json_t *arms = json_object_get(insight, "variants");
    struct table t = {0};
    if (!json_is_number(json_object_get(json_array_get(arms, 0), "chance_to_be_best")))
        return;
    fprintf(to, "BEST: which variant is the best, by %s\n", json_text_or(insight, "metric", ""));
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        table_cell(&t, "%s", titles[i]);
    table_row(&t);
    for (size_t i = 0; i < json_array_size(arms); i++) {
        const json_t *arm = json_array_get(arms, i);
        table_cell(&t, "%s", json_text_or(arm, "key", ""));
        add_percent(&t, number_of(arm, "chance_to_be_best"));
        add_percent(&t, number_of(arm, "chance_to_be_of_best_two"));
        add_loss(&t, number_of(arm, "expected_loss"));
        table_row(&t);
    }
    table_print(&t, 2, to);
}

static void print_corrected(const json_t *insight, FILE *to)
{
    const json_t *arms = json_object_get(insight, "variants");
    for (size_t i = 0; i < json_array_size(arms); i++) {
        const json_t *arm = json_array_get(arms, i), *c = json_object_get(arm, "corrected");
        const bool is_uplift = json_is_number(json_object_get(c, "uplift"));
        const json_t *interval = json_object_get(c, is_uplift ? "uplift_interval" : "interval");
        if (!json_is_object(c))
            continue;
        fprintf(to, "LESS LUCK: %s of %s is likely ", is_uplift ? "the uplift" : "the difference",
                json_text_or(arm, "key", ""));
        if (is_uplift)
            fprintf(to, "%+.2f %% (%+.2f … %+.2f %%)", number_of(c, "uplift") * 100,
                    end_of(interval, 0) * 100, end_of(interval, 1) * 100);
        else
            fprintf(to, "%+.6f (%+.6f … %+.6f)", number_of(c, "difference"), end_of(interval, 0),
                    end_of(interval, 1));
        fputs(", less what luck adds to what was called\n", to);
    }
}

static void print_outlook(const json_t *insight, FILE *to)
{
    const json_t *list = json_object_get(insight, "outlook");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        fprintf(to,
                "MORE DAYS: in %.0f (%.0f visitors then) %s is called better by a chance of "
                "%.1f %%, worse by %.1f %%",
                number_of(one, "days"), number_of(one, "units"),
                json_text_or(insight, "leader", ""), number_of(one, "better") * 100,
                number_of(one, "worse") * 100);
        if (json_is_number(json_object_get(one, "at_minimum")))
            fprintf(to, "; better by %.1f %% if it has the minimum uplift",
                    number_of(one, "at_minimum") * 100);
        fputc('\n', to);
    }
}

void results_insight_print(const json_t *results, FILE *to)
{
    const json_t *insight = json_object_get(results, "insight");
    if (!json_is_object(insight))
        return;
    print_best(insight, to);
    print_corrected(insight, to);
    print_outlook(insight, to);
}

static void print_part(const json_t *part, const char *what, FILE *to)
{
    const json_t *arms = json_object_get(part, "variants");
    if (!json_is_true(json_object_get(part, "is_found")))
        return;
    fprintf(to, "  %s %s:", what, json_text_or(part, "value", ""));
    for (size_t i = 0; i < json_array_size(arms); i++) {
        const json_t *arm = json_array_get(arms, i);
        fprintf(to, "%s %s %.0f (expected %.1f)", i ? "," : "", json_text_or(arm, "key", ""),
                number_of(arm, "units"), number_of(arm, "expected"));
    }
    fprintf(to, ", p %.4g over all parts\n", number_of(part, "p_adjusted"));
}

void results_split_print(const json_t *split, FILE *to)
{
    const json_t *dimensions = json_object_get(split, "dimensions"),
                 *days = json_object_get(split, "days");
    if (!(number_of(split, "found") > 0))
        return;
    fprintf(to, "SPLIT: in %.0f of %.0f parts the variants' sizes do not fit their weights\n",
            number_of(split, "found"), number_of(split, "tests"));
    for (size_t d = 0; d < json_array_size(dimensions); d++) {
        const json_t *dimension = json_array_get(dimensions, d),
                     *values = json_object_get(dimension, "values");
        for (size_t i = 0; i < json_array_size(values); i++)
            print_part(json_array_get(values, i), json_text_or(dimension, "dimension", ""), to);
    }
    for (size_t i = 0; i < json_array_size(days); i++)
        print_part(json_array_get(days, i), "day", to);
}
