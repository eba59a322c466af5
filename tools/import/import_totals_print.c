// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import_totals.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "tools/cli/table.h"

#include <string.h>

#define GAPS_SHOWN 10

static const json_t *rows_of(const struct import *im)
{
    return json_object_get(im->totals, "rows");
}

static double sum_of(const struct import *im, const char *variant)
{
    double sum = 0;
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(im), i, row) {
        if (strcmp(json_text_at(row, "variant"), variant) == 0)
            sum += json_number_value(json_object_get(row, "visitors"));
    }
    return sum;
}

static double total_of(const struct import *im, const char *metric)
{
    double sum = 0;
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(im), i, row) {
        const json_t *sums = json_object_get(json_object_get(row, "sums"), metric);
        sum += json_number_value(json_object_get(sums, "sum"));
    }
    return sum;
}

static int64_t day_number(const char *day)
{
    int64_t us = 0;
    must(clock_parse(day, strlen(day), &us));
    return us / DAY_US;
}

/* The days that have rows, and some that have none between them. */
struct span {
    const char *first, *last; /* NULL: there is no row */
    size_t days;
    json_t *gaps; /* texts; a new reference */
};

static struct span span_of(const struct import *im)
{
    struct span s = {.gaps = json_array()};
    auto_json json_t *days = json_object();
    size_t i;
    json_t *row;
    json_array_foreach(rows_of(im), i, row) {
        const char *day = json_text_at(row, "day");
        s.first = !s.first || strcmp(day, s.first) < 0 ? day : s.first;
        s.last = !s.last || strcmp(day, s.last) > 0 ? day : s.last;
        must(json_object_set_new(days, day, json_true()) == 0);
    }
    s.days = json_object_size(days);
    for (int64_t n = s.first ? day_number(s.first) : 1; json_array_size(s.gaps) < GAPS_SHOWN; n++) {
        char text[CLOCK_TEXT_SIZE];
        if (!s.last || n > day_number(s.last))
            break;
        clock_format(n * DAY_US, text);
        text[strlen("2024-01-31")] = '\0';
        if (!json_object_get(days, text))
            must(json_array_append_new(s.gaps, json_string(text)) == 0);
    }
    return s;
}

static void print_span(const struct import *im, FILE *to)
{
    struct span s = span_of(im);
    if (s.first)
        fprintf(to, "%zu days from %s to %s", s.days, s.first, s.last);
    for (size_t i = 0; i < json_array_size(s.gaps); i++)
        fprintf(to, "%s%s",
                i ? ", " : "; without any row: ", json_string_value(json_array_get(s.gaps, i)));
    fputs("\n\n", to);
    json_decref(s.gaps);
}

static void print_variants(const struct import *im, FILE *to)
{
    struct table t = {0};
    const struct mapping *m = im->mapping;
    table_cell(&t, "variant");
    table_cell(&t, m->is_daily ? "visitors, each on each day it came" : "visitors");
    table_row(&t);
    for (size_t i = 0; i < m->variant_count; i++) {
        if (!m->variants[i].is_first)
            continue;
        table_cell(&t, "%s (%s)%s", m->variants[i].text, m->variants[i].key,
                   m->variants[i].is_control ? ", control" : "");
        table_cell(&t, "%.0f", sum_of(im, m->variants[i].key));
        table_row(&t);
    }
    table_print(&t, 2, to);
}

static void print_metrics(const struct import *im, FILE *to)
{
    struct table t = {0};
    const struct mapping *m = im->mapping;
    table_cell(&t, "metric");
    table_cell(&t, "sum");
    table_cell(&t, "squares");
    table_row(&t);
    for (size_t i = 0; i < m->total_count; i++) {
        table_cell(&t, "%s", m->totals[i].metric);
        table_cell(&t, "%.15g", total_of(im, m->totals[i].metric));
        table_cell(&t, m->totals[i].squares.column ? "yes" : "no");
        table_row(&t);
    }
    table_print(&t, 2, to);
}

void import_totals_print(const struct import *im, FILE *to)
{
    print_span(im, to);
    print_variants(im, to);
    print_metrics(im, to);
}

static json_t *json_variants(const struct import *im)
{
    json_t *list = json_array();
    const struct mapping *m = im->mapping;
    for (size_t i = 0; i < m->variant_count; i++)
        if (m->variants[i].is_first)
            json_array_append_new(list, json_pack("{s:s,s:s,s:b,s:f}", "key", m->variants[i].key,
                                                  "text", m->variants[i].text, "is_control",
                                                  m->variants[i].is_control, "visitors",
                                                  sum_of(im, m->variants[i].key)));
    return list;
}

static json_t *json_metrics(const struct import *im)
{
    json_t *list = json_array();
    for (size_t i = 0; i < im->mapping->total_count; i++) {
        const struct mapping_total *t = &im->mapping->totals[i];
        json_array_append_new(list, json_pack("{s:s,s:f,s:b}", "key", t->metric, "sum",
                                              total_of(im, t->metric), "has_squares",
                                              t->squares.column != NULL));
    }
    return list;
}

json_t *import_totals_json(const struct import *im)
{
    struct span s = span_of(im);
    return json_pack("{s:s,s:I,s:s?,s:s?,s:o,s:o,s:o}", "visitors",
                     im->mapping->is_daily ? "daily" : "new", "days", (json_int_t)s.days, "first",
                     s.first, "last", s.last, "missing_days", s.gaps, "variants", json_variants(im),
                     "metrics", json_metrics(im));
}
