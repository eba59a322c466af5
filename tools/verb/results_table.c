// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/results_table.h"

#include "base/json/json.h"
#include "tools/cli/table.h"
#include "tools/verb/results/results_insight_print.h"

#include <math.h>
#include <string.h>

/* How numbers of one metric are written. */
enum style { STYLE_PERCENT, STYLE_MONEY, STYLE_NUMBER };

/* NaN when it is not there. */
static double number_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Of an interval; infinite where it is open. */
static double number_of_end(const json_t *interval, size_t end)
{
    const json_t *value = json_array_get(interval, end);
    return json_is_number(value) ? json_number_value(value) : end ? INFINITY : -INFINITY;
}

static enum style style_of(const json_t *metric)
{
    if (strcmp(json_text_or(metric, "kind", ""), "conversion") == 0)
        return STYLE_PERCENT;
    return strcmp(json_text_or(metric, "unit", ""), "money") == 0 ? STYLE_MONEY : STYLE_NUMBER;
}

static void add_value(struct table *t, enum style style, double value)
{
    if (isnan(value))
        table_cell(t, "-");
    else if (style == STYLE_PERCENT)
        table_cell(t, "%.3f %%", value * 100);
    else if (style == STYLE_MONEY)
        table_cell(t, "%.4f", value);
    else
        table_cell(t, "%.5g", value);
}

static void add_difference(struct table *t, double value)
{
    if (isnan(value))
        table_cell(t, "-");
    else
        table_cell(t, "%+.6f", value);
}

static void add_uplift(struct table *t, const json_t *test)
{
    double uplift = number_of(test, "uplift");
    if (isnan(uplift))
        table_cell(t, "-");
    else
        table_cell(t, "%+.2f %%", uplift * 100);
}

static void add_interval(struct table *t, const json_t *interval)
{
    const json_t *low = json_array_get(interval, 0), *high = json_array_get(interval, 1);
    if (!json_is_number(low) || !json_is_number(high))
        table_cell(t, "-");
    else
        table_cell(t, "%+.6f … %+.6f", json_number_value(low), json_number_value(high));
}

static void add_p(struct table *t, const json_t *test)
{
    double p = number_of(test, "p");
    if (isnan(p))
        table_cell(t, "-");
    else if (p < 0.0001)
        table_cell(t, "<0.0001");
    else
        table_cell(t, "%.4f", p);
}

static void add_chance(struct table *t, const json_t *bayesian)
{
    double chance = number_of(bayesian, "chance_to_win");
    if (isnan(chance))
        table_cell(t, "-");
    else
        table_cell(t, "%.1f %%", chance * 100);
}

static void add_variant(struct table *t, enum style style, const json_t *variant,
                        const char *control)
{
    const json_t *effect = json_object_get(variant, "effect");
    const json_t *test = json_object_get(effect, "frequentist");
    const char *key = json_text_or(variant, "key", "");
    double statistic = number_of(test, "statistic");
    table_cell(t, "%s%s", key, strcmp(key, control) == 0 ? " (control)" : "");
    table_cell(t, "%.0f", number_of(variant, "units"));
    add_value(t, style, number_of(variant, "value"));
    add_difference(t, number_of(test, "difference"));
    add_interval(t, json_object_get(test, "interval"));
    add_uplift(t, test);
    if (isnan(statistic))
        table_cell(t, "-");
    else
        table_cell(t, "%s %.3f", json_text_or(test, "statistic_name", ""), statistic);
    add_p(t, test);
    add_interval(t, json_object_get(json_object_get(effect, "sequential"), "interval"));
    add_p(t, json_object_get(effect, "sequential"));
    add_chance(t, json_object_get(effect, "bayesian"));
    table_row(t);
}

static void print_variants(const json_t *results, const json_t *metric, const json_t *variants,
                           FILE *to)
{
    static const char *const titles[] = {"variant",
                                         "units",
                                         "value",
                                         "difference",
                                         "interval",
                                         "uplift",
                                         "test",
                                         "p",
                                         "always-valid interval",
                                         "always-valid p",
                                         "chance to win"};
    struct table t = {0};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        table_cell(&t, "%s", titles[i]);
    table_row(&t);
    for (size_t i = 0; i < json_array_size(variants); i++)
        add_variant(&t, style_of(metric), json_array_get(variants, i),
                    json_text_or(results, "control", ""));
    table_print(&t, 2, to);
}

/* What a status says of a metric whose values alone are known; NULL: nothing. */
static const char *status_note(const json_t *metric)
{
    static const char *const notes[][2] = {
        {"no_spread", "no interval: only sums were imported, and not their squares, so how much "
                      "visitors differ is not known"},
        {"repeated_units", "no interval: visitors are those of each day, who may be the same"},
    };
    const json_t *first = json_array_get(json_object_get(metric, "variants"), 0);
    for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
        if (strcmp(json_text_or(first, "status", ""), notes[i][0]) == 0)
            return notes[i][1];
    return NULL;
}

static void print_metric(const json_t *results, const json_t *metric, const char *dimension,
                         FILE *to)
{
    const char *name = json_text_or(metric, "name", "");
    bool has_name = *name && strcmp(name, json_text_or(metric, "key", "")) != 0;
    bool is_computing = strcmp(json_text_or(metric, "status", ""), "computing") == 0;
    fprintf(to, "\n%s%s%s%s: %s, %s%s\n", json_text_or(metric, "key", ""), has_name ? " (" : "",
            has_name ? name : "", has_name ? ")" : "", json_text_or(metric, "kind", ""),
            json_text_or(metric, "role", ""), is_computing ? ", still computing" : "");
    print_variants(results, metric, json_object_get(metric, "variants"), to);
    if (status_note(metric))
        fprintf(to, "  %s\n", status_note(metric));
    const json_t *parts =
        dimension ? json_object_get(json_object_get(metric, "breakdown"), dimension) : NULL;
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);
        fprintf(to, "  %s = %s\n", dimension, json_text_or(part, "value", ""));
        print_variants(results, metric, json_object_get(part, "variants"), to);
    }
}

static void print_verdict(const json_t *verdict, FILE *to)
{
    static const char *const words[][2] = {
        {"ship", "SHIP"},     {"stop", "STOP"}, {"go_on", "GO ON"}, {"not_enough", "NOT ENOUGH"},
        {"broken", "BROKEN"},
    };
    const char *answer = json_text_or(verdict, "answer", "");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(answer, words[i][0]) == 0)
            fprintf(to, "%s: %s\n", words[i][1], json_text_or(verdict, "text", ""));
    const json_t *cautions = json_object_get(verdict, "cautions");
    for (size_t i = 0; i < json_array_size(cautions); i++)
        fprintf(to, "CAUTION: %s\n", json_text_or(json_array_get(cautions, i), "text", ""));
}

static void print_sum(const json_t *sum, const json_t *interval, const char *currency,
                      const char *per, FILE *to)
{
    if (!json_is_number(sum))
        return;
    fprintf(to, "  %+.0f %s %s (%+.0f … %+.0f)\n", json_number_value(sum), currency, per,
            number_of_end(interval, 0), number_of_end(interval, 1));
}

/* With its interval, or not at all. */
static void print_money(const json_t *results, FILE *to)
{
    const json_t *money = json_object_get(results, "money");
    const char *currency = json_text_or(results, "currency", "");
    if (!json_is_object(money))
        return;
    fprintf(to, "WORTH: %s of %s\n", json_text_or(money, "metric", ""),
            json_text_or(money, "variant", ""));
    print_sum(json_object_get(money, "per_thousand"),
              json_object_get(money, "per_thousand_interval"), currency, "per 1,000 visitors", to);
    print_sum(json_object_get(money, "per_month"), json_object_get(money, "per_month_interval"),
              currency, "a month at this traffic", to);
}

static void print_left_out(const json_t *health, FILE *to)
{
    const json_t *overflow = json_object_get(health, "overflow"),
                 *examples = json_object_get(overflow, "examples"),
                 *invalid = json_object_get(health, "invalid");
    if (number_of(overflow, "units") > 0) {
        fprintf(to, "%.0f visitors are left out, since they have more events than a person:",
                number_of(overflow, "units"));
        for (size_t i = 0; i < json_array_size(examples); i++)
            fprintf(to, "%s %s", i ? "," : "", json_string_value(json_array_get(examples, i)));
        fprintf(to, "%s\n",
                number_of(overflow, "units") > (double)json_array_size(examples) ? ", …" : "");
    }
    if (number_of(health, "excluded") > 0)
        fprintf(to, "%.0f visitors are left out: they were taken out by hand\n",
                number_of(health, "excluded"));
    for (size_t i = 0; i < json_array_size(invalid); i++)
        fprintf(to, "%.0f events are left out of %s: their numbers are out of bounds\n",
                number_of(json_array_get(invalid, i), "events"),
                json_text_or(json_array_get(invalid, i), "metric", ""));
}

/* What the verdict calls broken is told with its figure; a single look that warns may be
 * chance. */
static void print_sizes(const json_t *results, const json_t *health, FILE *to)
{
    const json_t *srm = json_object_get(health, "srm"),
                 *daily = json_object_get(health, "srm_sequential"),
                 *verdict = json_object_get(results, "verdict");
    const char *status = json_text_or(srm, "status", "");
    bool is_odd = strcmp(status, "warning") == 0 || strcmp(status, "alarm") == 0;
    if (strcmp(json_text_or(daily, "status", ""), "alarm") == 0 ||
        strcmp(json_text_or(verdict, "rule", ""), "srm") == 0)
        fprintf(to,
                "WARNING: the variants' sizes do not fit their weights (SRM chi-square %.4f, df "
                "%.0f, p %.4g; over %.0f looks p %.4g): something loses or adds visitors in one "
                "variant, do not trust these results\n",
                number_of(srm, "chi2"), number_of(srm, "df"), number_of(srm, "p"),
                number_of(daily, "looks"), number_of(daily, "p"));
    else if (is_odd)
        fprintf(to,
                "CAUTION: the variants' sizes fit their weights badly (SRM chi-square %.4f, df "
                "%.0f, p %.4g): too little to call it broken, enough to look whether something "
                "loses or adds visitors in one variant\n",
                number_of(srm, "chi2"), number_of(srm, "df"), number_of(srm, "p"));
    else if (!isnan(number_of(srm, "p")))
        fprintf(to, "sizes fit the weights (SRM p %.4g)\n", number_of(srm, "p"));
}

static void print_health(const json_t *results, FILE *to)
{
    const json_t *health = json_object_get(results, "health");
    double lag = number_of(json_object_get(health, "fold"), "lag_events");
    print_sizes(results, health, to);
    if (json_is_string(json_object_get(results, "totals")))
        fputs(
            "imported as totals a day: there are no segments, quantiles, caps, ratios or lists of "
            "visitors, nothing is adjusted by the past, and crossovers are not known\n",
            to);
    if (number_of(health, "crossovers") > 0)
        fprintf(to, "%.0f visitors were seen in several variants and count in their first\n",
                number_of(health, "crossovers"));
    print_left_out(health, to);
    if (lag > 0)
        fprintf(to, "%.0f events are not in these results yet\n", lag);
}

void results_table_print(const json_t *results, const json_t *split, const char *dimension,
                         FILE *to)
{
    const json_t *metrics = json_object_get(results, "metrics");
    fprintf(to, "%s: %s, %s, phase %.0f, as of %s\n", json_text_or(results, "campaign", ""),
            json_text_or(results, "kind", ""), json_text_or(results, "status", ""),
            number_of(results, "phase"), json_text_or(results, "as_of", ""));
    print_verdict(json_object_get(results, "verdict"), to);
    print_money(results, to);
    results_insight_print(results, to);
    print_health(results, to);
    results_split_print(split, to);
    for (size_t i = 0; i < json_array_size(metrics); i++)
        print_metric(results, json_array_get(metrics, i), dimension, to);
    fprintf(
        to,
        "\nintervals at %g %% confidence, on the difference to the control; read every day, only "
        "the always-valid ones keep that promise\n",
        number_of(results, "confidence") * 100);
}
