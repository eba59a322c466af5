// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metric/totals.h"

#include "base/clock.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VISITORS_MAX 1e12
#define SUM_MAX      1e15
#define SQUARES_MAX  1e24
/* Sums that were rounded to a few decimals may miss the bound by so much. */
#define ROUNDING 1e-9

static const char *const visitor_words[] = {"new", "daily", NULL};

static enum err check_day(const json_t *value, struct fault *fault)
{
    const char *text = json_string_value(value);
    int64_t us;
    return strlen(text) == strlen("2024-01-31") && clock_parse(text, strlen(text), &us)
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "must be a day, as 2024-01-31");
}

static const struct field sum_fields[] = {
    {.name = "sum",
     .kind = FIELD_NUMBER,
     .marks = FIELD_REQUIRED,
     .min = -SUM_MAX,
     .max = SUM_MAX,
     .meaning = "of all visitors of the row; of a conversion: how many converted"},
    {.name = "squares",
     .kind = FIELD_NUMBER,
     .max = SQUARES_MAX,
     .meaning = "the sum of the squares of what each visitor has: without it there is no interval"},
    {0},
};

static const struct field sum_entry[] = {
    {.kind = FIELD_KEY, .meaning = "key of a metric"},
    {.kind = FIELD_OBJECT, .of = sum_fields, .meaning = "its sums"},
};

static const struct field row_fields[] = {
    {.name = "day",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .max = 10,
     .check = check_day,
     .meaning = "in the environment's time zone"},
    {.name = "variant", .kind = FIELD_KEY, .marks = FIELD_REQUIRED, .meaning = "its key"},
    {.name = "visitors",
     .kind = FIELD_INT,
     .marks = FIELD_REQUIRED,
     .max = VISITORS_MAX,
     .meaning = "of that day, see \"visitors\" of the whole"},
    {.name = "sums",
     .kind = FIELD_MAP,
     .max = 50,
     .of = sum_entry,
     .initial = "{}",
     .meaning = "of each metric of the campaign"},
    {0},
};
static const struct field row = {.kind = FIELD_OBJECT, .of = row_fields, .meaning = "a day"};

const struct field totals_fields[] = {
    {.name = "visitors",
     .kind = FIELD_WORD,
     .words = visitor_words,
     .initial = "\"new\"",
     .meaning = "new: a visitor is counted on its first day alone; daily: on each day it came, so "
                "that days do not add up to visitors, and only point figures can be given"},
    {.name = "rows",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = TOTALS_ROWS,
     .of = &row,
     .meaning = "one for each day and variant"},
    {0},
};

/* A row where its day and variant put it. */
struct line {
    const char *day, *variant;
    const json_t *document;
    size_t row; /* where it stands in the document */
};

struct check {
    const json_t *variants, *kinds;
    bool is_daily;
    const json_t *first; /* the row that says of which metrics there are squares */
    struct line *lines;  /* by day, and then by variant */
    size_t count;
    struct fault *fault;
};

/* What one row says of one metric. */
struct cell {
    const struct line *line;
    const char *metric, *kind; /* kind "": not known */
    double visitors, sum, squares;
    bool has_squares;
};

static int by_day(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int order = strcmp(x->day, y->day);
    order = order ? order : strcmp(x->variant, y->variant);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static struct line *sort(const json_t *rows)
{
    size_t i;
    json_t *one;
    struct line *lines = mem_zalloc((json_array_size(rows) + 1) * sizeof(*lines));
    json_array_foreach(rows, i, one)
        lines[i] = (struct line){json_text_at(one, "day"), json_text_at(one, "variant"), one, i};
    qsort(lines, json_array_size(rows), sizeof(*lines), by_day);
    return lines;
}

/* Puts where the line stands before the fault's pointer. */
static enum err at(const struct check *c, const struct line *line)
{
    fault_prefix_index(c->fault, line->row);
    fault_prefix(c->fault, "/rows");
    return c->fault->code;
}

static enum err at_metric(const struct check *c, const struct line *line, const char *metric)
{
    fault_prefix_key(c->fault, metric);
    fault_prefix(c->fault, "/sums");
    return at(c, line);
}

static const char *variant_key(const struct check *c, size_t index)
{
    return json_text_at(json_array_get(c->variants, index), "key");
}

/* The number of variants when it is none of them. */
static size_t variant_index(const struct check *c, const char *key)
{
    size_t i = 0;
    while (i < json_array_size(c->variants) && strcmp(variant_key(c, i), key) != 0)
        i++;
    return i;
}

static enum err check_variants(const struct check *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct line *line = &c->lines[i];
        if (variant_index(c, line->variant) < json_array_size(c->variants))
            continue;
        fault_set(c->fault, ERR_INVALID, "/variant", "the campaign has no variant \"%s\"",
                  line->variant);
        return at(c, line);
    }
    return ERR_OK;
}

static bool has_line(const struct check *c, size_t from, size_t to, const char *variant)
{
    for (size_t i = from; i < to; i++)
        if (strcmp(c->lines[i].variant, variant) == 0)
            return true;
    return false;
}

/* The lines of one day: each variant has one. */
static enum err check_lines_of_day(const struct check *c, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++) {
        if (strcmp(c->lines[i].variant, c->lines[i - 1].variant) != 0)
            continue;
        fault_set(c->fault, ERR_INVALID, "/day", "variant \"%s\" has the day %s a second time here",
                  c->lines[i].variant, c->lines[i].day);
        return at(c, &c->lines[i]);
    }
    for (size_t i = 0; i < json_array_size(c->variants); i++) {
        if (has_line(c, from, to, variant_key(c, i)))
            continue;
        fault_set(c->fault, ERR_INVALID, "/day",
                  "variant \"%s\" has no row for the day %s: it needs one, with 0 visitors where "
                  "nobody came",
                  variant_key(c, i), c->lines[from].day);
        return at(c, &c->lines[from]);
    }
    return ERR_OK;
}

static enum err check_days(const struct check *c)
{
    for (size_t from = 0, to; from < c->count; from = to) {
        for (to = from; to < c->count && strcmp(c->lines[to].day, c->lines[from].day) == 0;)
            to++;
        enum err e = check_lines_of_day(c, from, to);
        if (e)
            return e;
    }
    return ERR_OK;
}

static bool has_squares(const json_t *row_document, const char *metric)
{
    const json_t *sums = json_object_get(json_object_get(row_document, "sums"), metric);
    return json_member(sums, "squares") != NULL;
}

static enum err say(const struct check *c, const struct cell *cell, const char *member,
                    const char *why)
{
    fault_set(c->fault, ERR_INVALID, member, "%s", why);
    return at_metric(c, cell->line, cell->metric);
}

static bool is_kind(const struct cell *cell, const char *kind)
{
    return strcmp(cell->kind, kind) == 0;
}

static enum err check_kind(const struct check *c, const struct cell *cell)
{
    if (is_kind(cell, "mean") || is_kind(cell, "ratio"))
        return say(c, cell, "",
                   "a mean or ratio cannot be had from totals: its interval takes what each "
                   "visitor has of both parts");
    if (is_kind(cell, "conversion") && cell->has_squares)
        return say(c, cell, "/squares", "a conversion is 0 or 1 and has no squares of its own");
    if (cell->has_squares != has_squares(c->first, cell->metric))
        return say(c, cell, "/squares", "squares stand in all rows of a metric, or in none");
    return ERR_OK;
}

static enum err check_sum(const struct check *c, const struct cell *cell)
{
    bool is_count = is_kind(cell, "conversion") || is_kind(cell, "count");
    if (is_count && cell->sum < 0)
        return say(c, cell, "/sum", "is negative, and counts what happened");
    if (is_count && cell->sum != floor(cell->sum))
        return say(c, cell, "/sum", "is no whole number, and counts what happened");
    if (!cell->has_squares)
        return ERR_OK;
    if (cell->sum * cell->sum > cell->squares * cell->visitors * (1 + ROUNDING))
        return say(c, cell, "/squares",
                   "is smaller than the sum's square over the visitors, so it is not the sum of "
                   "what each of them has, squared");
    if (is_kind(cell, "count") && cell->squares < cell->sum)
        return say(c, cell, "/squares",
                   "is smaller than the sum: squares of whole numbers are not");
    return ERR_OK;
}

static enum err check_metrics(const struct check *c, const struct line *line)
{
    const char *metric;
    json_t *kind, *sum;
    const json_t *sums = json_object_get(line->document, "sums");
    json_object_foreach((json_t *)(uintptr_t)c->kinds, metric, kind) {
        if (json_object_get(sums, metric))
            continue;
        fault_set(c->fault, ERR_INVALID, "", "is missing, and the campaign is measured by it");
        return at_metric(c, line, metric);
    }
    json_object_foreach((json_t *)(uintptr_t)sums, metric, sum) {
        kind = json_object_get(c->kinds, metric);
        struct cell cell = {.line = line,
                            .metric = metric,
                            .kind = json_is_string(kind) ? json_string_value(kind) : "",
                            .visitors =
                                json_number_value(json_object_get(line->document, "visitors")),
                            .sum = json_number_value(json_object_get(sum, "sum")),
                            .squares = json_number_value(json_object_get(sum, "squares")),
                            .has_squares = has_squares(line->document, metric)};
        if (!kind)
            return say(c, &cell, "", "the campaign is not measured by this metric");
        enum err e = check_kind(c, &cell);
        e = e ? e : check_sum(c, &cell);
        if (e)
            return e;
    }
    return ERR_OK;
}

static enum err check_sums(const struct check *c)
{
    for (size_t i = 0; i < c->count; i++) {
        enum err e = check_metrics(c, &c->lines[i]);
        if (e)
            return e;
    }
    return ERR_OK;
}

/* Who converts has come, that day or, where only the first day counts, before it. */
static enum err check_converted(const struct check *c, const char *metric)
{
    size_t variants = json_array_size(c->variants);
    double *came = mem_zalloc(2 * variants * sizeof(*came)), *converted = came + variants;
    enum err e = ERR_OK;
    for (size_t i = 0; i < c->count && !e; i++) {
        const struct line *line = &c->lines[i];
        const json_t *sums = json_object_get(json_object_get(line->document, "sums"), metric);
        size_t v = variant_index(c, line->variant);
        double before = c->is_daily ? 0 : 1;
        came[v] = came[v] * before + json_number_value(json_object_get(line->document, "visitors"));
        converted[v] = converted[v] * before + json_number_value(json_object_get(sums, "sum"));
        if (converted[v] <= came[v])
            continue;
        fault_set(c->fault, ERR_INVALID, "/sum",
                  c->is_daily ? "%.15g converted on this day, of %.15g visitors of \"%s\""
                              : "%.15g had converted by this day, of %.15g visitors of \"%s\"",
                  converted[v], came[v], line->variant);
        e = at_metric(c, line, metric);
    }
    mem_free(came);
    return e;
}

static enum err check_conversions(const struct check *c)
{
    const char *metric;
    json_t *kind;
    json_object_foreach((json_t *)(uintptr_t)c->kinds, metric, kind) {
        if (!json_is_string(kind) || strcmp(json_string_value(kind), "conversion") != 0)
            continue;
        enum err e = check_converted(c, metric);
        if (e)
            return e;
    }
    return ERR_OK;
}

enum err totals_check(const json_t *totals, const json_t *variants, const json_t *kinds,
                      struct fault *ret_fault)
{
    const json_t *rows = json_object_get(totals, "rows");
    struct check c = {.variants = variants,
                      .kinds = kinds,
                      .is_daily = strcmp(json_text_at(totals, "visitors"), "daily") == 0,
                      .first = json_array_get(rows, 0),
                      .lines = sort(rows),
                      .count = json_array_size(rows),
                      .fault = ret_fault};
    enum err e = check_variants(&c);
    e = e ? e : check_days(&c);
    e = e ? e : check_sums(&c);
    e = e ? e : check_conversions(&c);
    mem_free(c.lines);
    return e;
}

json_t *totals_outline(const json_t *totals)
{
    const char *metric;
    json_t *sum, *metrics = json_object();
    const json_t *first = json_array_get(json_object_get(totals, "rows"), 0);
    json_object_foreach(json_object_get(first, "sums"), metric, sum)
        must(json_object_set_new(metrics, metric,
                                 json_pack("{s:b}", "has_squares", has_squares(first, metric))) ==
             0);
    json_t *outline = json_pack("{s:O, s:o}", "visitors", json_object_get(totals, "visitors"),
                                "metrics", metrics);
    must(outline);
    return outline;
}
