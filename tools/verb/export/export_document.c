// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/export/export_document.h"

#include "base/json/json.h"

#include <string.h>

struct rows {
    const json_t *document;
    export_row_fn *fn;
    void *arg;
};

static void set(json_t *row, const char *name, const json_t *of, const char *member)
{
    json_t *value = json_object_get(of, member);
    json_object_set_new(row, name, value ? json_incref(value) : json_null());
}

static void set_interval(json_t *row, const char *low, const char *high, const json_t *interval)
{
    json_t *ends[2] = {json_array_get(interval, 0), json_array_get(interval, 1)};
    json_object_set_new(row, low, ends[0] ? json_incref(ends[0]) : json_null());
    json_object_set_new(row, high, ends[1] ? json_incref(ends[1]) : json_null());
}

static void metrics(const struct rows *r)
{
    json_t *metric, *arm;
    size_t m, i;
    json_array_foreach(json_object_get(r->document, "metrics"), m, metric) {
        json_array_foreach(json_object_get(metric, "variants"), i, arm) {
            auto_json json_t *row = json_object();
            json_object_set(row, "metric", json_object_get(metric, "key"));
            json_object_update(row, arm);
            r->fn(r->arg, row);
        }
    }
}

static void days(const struct rows *r)
{
    json_t *day, *arm;
    size_t d, i;
    json_array_foreach(json_object_get(r->document, "exposures"), d, day) {
        json_array_foreach(json_object_get(day, "variants"), i, arm) {
            auto_json json_t *row = json_object();
            set(row, "day", day, "day");
            set(row, "variant", arm, "key");
            set(row, "visitors", arm, "units");
            r->fn(r->arg, row);
        }
    }
}

/* An arm at one look, or on one day since the exposure. */
static void say_arm(const struct rows *r, const json_t *day, const json_t *metric,
                    const json_t *arm)
{
    auto_json json_t *row = json_object();
    set(row, "metric", metric, "key");
    set(row, "day", day, "day");
    set(row, "variant", arm, "key");
    set(row, "visitors", arm, "units");
    set(row, "value", arm, "value");
    set(row, "difference", arm, "difference");
    set_interval(row, "low", "high", json_object_get(arm, "interval"));
    set_interval(row, "uplift_low", "uplift_high", json_object_get(arm, "uplift_interval"));
    set(row, "p", arm, "p");
    r->fn(r->arg, row);
}

static void looks(const struct rows *r)
{
    json_t *look, *metric, *arm;
    size_t l, m, i;
    json_array_foreach(json_object_get(r->document, "looks"), l, look) {
        json_array_foreach(json_object_get(look, "metrics"), m, metric) {
            json_array_foreach(json_object_get(metric, "variants"), i, arm)
                say_arm(r, look, metric, arm);
        }
    }
}

static void since_exposure(const struct rows *r)
{
    json_t *metric, *day, *arm;
    size_t m, d, i;
    json_array_foreach(json_object_get(r->document, "metrics"), m, metric) {
        const json_t *since = json_object_get(metric, "since_exposure");
        json_array_foreach(json_object_get(since, "days"), d, day) {
            json_array_foreach(json_object_get(day, "variants"), i, arm)
                say_arm(r, day, metric, arm);
        }
    }
}

static void say_part(const struct rows *r, const char *dimension, const json_t *part)
{
    json_t *arm;
    size_t i;
    json_array_foreach(json_object_get(part, "variants"), i, arm) {
        auto_json json_t *row = json_object();
        json_object_set_new(row, "dimension", json_string(dimension));
        set(row, "value", part, "value");
        set(row, "variant", arm, "key");
        set(row, "visitors", arm, "units");
        set(row, "expected", arm, "expected");
        set(row, "p", part, "p");
        set(row, "p_adjusted", part, "p_adjusted");
        set(row, "is_found", part, "is_found");
        r->fn(r->arg, row);
    }
}

static void split(const struct rows *r)
{
    json_t *dimension, *part;
    size_t d, i;
    json_array_foreach(json_object_get(r->document, "dimensions"), d, dimension) {
        json_array_foreach(json_object_get(dimension, "values"), i, part)
            say_part(r, json_string_value(json_object_get(dimension, "dimension")), part);
    }
    json_array_foreach(json_object_get(r->document, "days"), i, part)
        say_part(r, "day", part);
}

static void insight(const struct rows *r)
{
    const json_t *insight = json_object_get(r->document, "insight");
    json_t *arm;
    size_t i;
    json_array_foreach(json_object_get(insight, "variants"), i, arm) {
        const json_t *corrected = json_object_get(arm, "corrected");
        auto_json json_t *row = json_object();
        set(row, "metric", insight, "metric");
        set(row, "variant", arm, "key");
        set(row, "chance_to_be_best", arm, "chance_to_be_best");
        set(row, "chance_to_be_of_best_two", arm, "chance_to_be_of_best_two");
        set(row, "expected_loss", arm, "expected_loss");
        set(row, "corrected_difference", corrected, "difference");
        set_interval(row, "low", "high", json_object_get(corrected, "interval"));
        set(row, "corrected_uplift", corrected, "uplift");
        set_interval(row, "uplift_low", "uplift_high",
                     json_object_get(corrected, "uplift_interval"));
        r->fn(r->arg, row);
    }
}

static void outlook(const struct rows *r)
{
    const json_t *insight = json_object_get(r->document, "insight");
    json_t *one;
    size_t i;
    json_array_foreach(json_object_get(insight, "outlook"), i, one) {
        auto_json json_t *row = json_object();
        set(row, "metric", insight, "metric");
        set(row, "variant", insight, "leader");
        set(row, "days", one, "days");
        set(row, "visitors", one, "units");
        set(row, "better", one, "better");
        set(row, "worse", one, "worse");
        set(row, "at_minimum", one, "at_minimum");
        r->fn(r->arg, row);
    }
}

static void findings(const struct rows *r)
{
    const json_t *search = json_object_get(r->document, "findings");
    json_t *one;
    size_t i;
    json_array_foreach(json_object_get(search, "list"), i, one) {
        const json_t *here = json_object_get(one, "here");
        const json_t *elsewhere = json_object_get(one, "elsewhere");
        auto_json json_t *row = json_object();
        set(row, "metric", search, "metric");
        set(row, "dimension", one, "dimension");
        set(row, "value", one, "value");
        set(row, "variant", one, "variant");
        set(row, "visitors", one, "units");
        set(row, "difference", here, "difference");
        set(row, "uplift", here, "uplift");
        set(row, "difference_elsewhere", elsewhere, "difference");
        set(row, "uplift_elsewhere", elsewhere, "uplift");
        set(row, "contrast", one, "contrast");
        set_interval(row, "low", "high", json_object_get(one, "interval"));
        set(row, "p", one, "p");
        set(row, "p_adjusted", one, "adjusted_p");
        set(row, "is_found", one, "is_found");
        r->fn(r->arg, row);
    }
}

static void stratified(const struct rows *r)
{
    const json_t *search = json_object_get(r->document, "findings");
    json_t *one;
    size_t i;
    json_array_foreach(json_object_get(search, "stratified"), i, one) {
        auto_json json_t *row = json_object();
        set(row, "metric", search, "metric");
        set(row, "dimension", one, "dimension");
        set(row, "variant", one, "variant");
        set(row, "difference", one, "difference");
        set_interval(row, "low", "high", json_object_get(one, "interval"));
        set(row, "uplift", one, "uplift");
        set_interval(row, "uplift_low", "uplift_high", json_object_get(one, "uplift_interval"));
        set(row, "measured_uplift", one, "measured_uplift");
        set(row, "variance_reduction", one, "variance_reduction");
        r->fn(r->arg, row);
    }
}

static const struct {
    const char *what, *document;
    void (*say)(const struct rows *r);
} kinds[] = {
    {"results", "results", metrics},    {"days", "results", days},
    {"looks", "results", looks},        {"since_exposure", "results", since_exposure},
    {"insight", "results", insight},    {"outlook", "results", outlook},
    {"findings", "findings", findings}, {"stratified", "findings", stratified},
    {"split", "split", split},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

const char *export_document_of(const char *what)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].what, what) == 0)
            return kinds[i].document;
    return NULL;
}

void export_document(const json_t *document, const char *what, export_row_fn *fn, void *arg)
{
    struct rows rows = {document, fn, arg};
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].what, what) == 0)
            kinds[i].say(&rows);
}
