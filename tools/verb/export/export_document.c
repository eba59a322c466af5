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

static const struct {
    const char *what;
    void (*say)(const struct rows *r);
} kinds[] = {
    {"results", metrics}, {"days", days}, {"looks", looks}, {"since_exposure", since_exposure},
    {"split", split},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

bool export_document_has(const char *what)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].what, what) == 0)
            return true;
    return false;
}

void export_document(const json_t *document, const char *what, export_row_fn *fn, void *arg)
{
    struct rows rows = {document, fn, arg};
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].what, what) == 0)
            kinds[i].say(&rows);
}
