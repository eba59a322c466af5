// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "tools/cli/table.h"
#include "tools/import/import_totals.h"

#include <string.h>

struct sizes {
    uint64_t visitors[MAPPING_VARIANTS], crossovers;
};

static struct sizes sizes_of(const struct import_report *r)
{
    struct sizes s = {0};
    for (size_t i = 0; i < r->room; i++) {
        if (!r->visitors[i].hash)
            continue;
        s.visitors[r->visitors[i].variant]++;
        s.crossovers += r->visitors[i].is_crossover;
    }
    return s;
}

/* Those of one key are one variant, told at its first. */
static bool is_told(const struct mapping *m, size_t index)
{
    for (size_t i = 0; m->variants[index].key && i < index; i++)
        if (m->variants[i].key && strcmp(m->variants[i].key, m->variants[index].key) == 0)
            return false;
    return m->variants[index].key != NULL;
}

static bool is_control(const struct mapping *m, const struct mapping_variant *v)
{
    return strcmp(m->control, v->key) == 0 || strcmp(m->control, v->text) == 0;
}

/* Where the year of "31.01.24" begins. */
static const char *short_year(const char *text)
{
    for (int mark = 0; *text && mark < 2; text++)
        mark += strchr("./-", *text) != NULL;
    return text;
}

/* "1.234,56", as the column has it; a time by an example of each way it is written. */
static void name_format(const struct import_column *c, struct buf *out)
{
    const struct number_evidence *e = &c->number;
    buf_add_str(out, "");
    for (size_t i = 0; c->is_time && i < CELL_KINDS; i++)
        if (c->has_kind[i] && (!c->said || strchr("du m", *c->said)))
            buf_printf(out, "%s%s", out->length ? ", " : "",
                       cell_kind_name((enum cell_kind)i, c->is_month_first));
    if (c->is_time && c->said)
        buf_printf(out, "%s%s", out->length ? ", by " : "", c->said);
    if (c->is_time && c->day.short_years > 0)
        buf_printf(out, ", years of two digits (\"%s\" is of 20%.2s)", c->day.short_text,
                   short_year(c->day.short_text));
    if (c->is_time)
        return;
    if (e->commas + e->points + e->open_commas + e->open_points == 0 && !c->said)
        buf_add_str(out, "whole numbers");
    else
        buf_printf(out, "numbers with a decimal %s", c->decimal == ',' ? "comma" : "point");
    const char *before = ", thousands by ";
    for (size_t i = 0; i < 4; i++)
        if (e->has_mark[i]) {
            buf_printf(out, "%s%s", before, number_marks[i]);
            before = " and ";
        }
    if (e->currency)
        buf_printf(out, ", in %s", e->currency);
}

static const char *separator_name(const struct import *im, char text[4])
{
    if (im->separator == '\t')
        return "tab";
    text[0] = im->separator;
    text[1] = '\0';
    return text;
}

static void print_columns(const struct import *im, FILE *to)
{
    struct table t = {0};
    table_cell(&t, "column");
    table_cell(&t, "written as");
    table_row(&t);
    for (size_t i = 0; i < im->columns.count; i++) {
        auto_buf struct buf format = {0};
        name_format(&im->columns.list[i], &format);
        table_cell(&t, "%s", im->columns.list[i].name);
        table_cell(&t, "%s", format.data);
        table_row(&t);
    }
    table_print(&t, 2, to);
}

static void print_variants(const struct sizes *sizes, const struct mapping *m, FILE *to)
{
    struct table t = {0};
    table_cell(&t, "variant");
    table_cell(&t, "visitors");
    table_row(&t);
    for (size_t i = 0; i < m->variant_count; i++) {
        if (!is_told(m, i))
            continue;
        table_cell(&t, "%s (%s)%s", m->variants[i].text, m->variants[i].key,
                   is_control(m, &m->variants[i]) ? ", control" : "");
        table_cell(&t, "%llu", (unsigned long long)sizes->visitors[i]);
        table_row(&t);
    }
    table_print(&t, 2, to);
    if (sizes->crossovers)
        fprintf(to, "%llu visitors stand in several variants and count in their first\n",
                (unsigned long long)sizes->crossovers);
}

static void print_rules(const struct import_report *r, const struct mapping *m, FILE *to)
{
    struct table t = {0};
    static const char *const titles[] = {"event", "events", "rows", "sum of values"};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        table_cell(&t, "%s", titles[i]);
    table_row(&t);
    for (size_t i = 0; i < m->event_count; i++) {
        table_cell(&t, "%s", m->events[i].name);
        table_cell(&t, "%llu", (unsigned long long)r->rules[i].events);
        table_cell(&t, "%llu", (unsigned long long)r->rules[i].rows);
        if (m->events[i].value.column || m->events[i].value.constant)
            table_cell(&t, "%.15g", r->rules[i].sum);
        else
            table_cell(&t, "-");
        table_row(&t);
    }
    if (m->event_count > 0)
        table_print(&t, 2, to);
    for (size_t i = 0; i < m->event_count; i++)
        if (r->rules[i].before_exposure)
            fprintf(to,
                    "%llu events \"%s\" are before the exposure of their own row, and will not "
                    "count\n",
                    (unsigned long long)r->rules[i].before_exposure, m->events[i].name);
}

static void print_reasons(const struct import_report *r, FILE *to)
{
    for (size_t i = 0; i < r->reason_count; i++) {
        const struct report_reason *reason = &r->reasons[i];
        fprintf(to, "refused: %s: %llu rows, lines", reason->text,
                (unsigned long long)reason->rows);
        for (size_t k = 0; k < REPORT_LINES && k < reason->rows; k++)
            fprintf(to, "%s %llu", k ? "," : "", (unsigned long long)reason->lines[k]);
        fprintf(to, "%s\n", reason->rows > REPORT_LINES ? ", …" : "");
    }
}

/* The sign of several currencies that stands in a column; NULL: none does. */
static const char *open_sign(const struct import *im)
{
    for (size_t i = 0; i < im->columns.count; i++)
        if (im->columns.list[i].number.currency)
            return im->columns.list[i].number.currency;
    return NULL;
}

/* Nothing is asked of a server here: it is not known what the environment counts in. */
static void print_currency(const struct import *im, FILE *to)
{
    const char *sign = open_sign(im);
    if (im->mapping->currency)
        fprintf(to,
                "values are in %s: where the environment counts in another currency, they are "
                "converted at the rates of their days (mete rates), and a day without a rate "
                "counts its events without their value\n",
                im->mapping->currency);
    else if (sign)
        fprintf(to,
                "values are in %s, which several currencies are written by: they count as the "
                "environment's own, unless \"currency\" in the mapping's \"campaign\" says which\n",
                sign);
}

static void print_visitors(const struct import_report *r, const struct import *im, FILE *to)
{
    const struct sizes sizes = sizes_of(r);
    char first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE];
    clock_format(r->first_us, first);
    clock_format(r->last_us, last);
    fprintf(to, "%zu visitors", r->visitor_count);
    if (r->visitor_count)
        fprintf(to, ", from %s to %s", first, last);
    fputs("\n\n", to);
    print_columns(im, to);
    print_variants(&sizes, im->mapping, to);
    print_rules(r, im->mapping, to);
    print_currency(im, to);
}

void import_report_print(const struct import_report *r, const struct import *im, FILE *to)
{
    char separator[4];
    fprintf(to, "%s, fields parted by %s\n", encoding_name(csv_file_encoding(im->file)),
            separator_name(im, separator));
    fprintf(to, "%llu rows, %llu of them cannot be read", (unsigned long long)im->rows,
            (unsigned long long)im->bad_rows);
    if (r->left_out)
        fprintf(to, ", %llu are left out by the map", (unsigned long long)r->left_out);
    fputs("\n", to);
    if (im->mapping->has_totals) {
        print_columns(im, to);
        import_totals_print(im, to);
    } else {
        print_visitors(r, im, to);
    }
    print_reasons(r, to);
}

static json_t *json_columns(const struct import *im)
{
    json_t *list = json_array();
    for (size_t i = 0; i < im->columns.count; i++) {
        const struct import_column *c = &im->columns.list[i];
        auto_buf struct buf format = {0};
        name_format(c, &format);
        json_array_append_new(list,
                              json_pack("{s:s,s:s,s:s}", "name", c->name, "kind",
                                        c->is_time ? "time" : "number", "format", format.data));
    }
    return list;
}

static json_t *json_variants(const struct sizes *sizes, const struct mapping *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->variant_count; i++) {
        const struct mapping_variant *v = &m->variants[i];
        if (is_told(m, i))
            json_array_append_new(list, json_pack("{s:s,s:s,s:b,s:I}", "key", v->key, "text",
                                                  v->text, "is_control", is_control(m, v),
                                                  "visitors", (json_int_t)sizes->visitors[i]));
    }
    return list;
}

static json_t *json_rules(const struct import_report *r, const struct mapping *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->event_count; i++)
        json_array_append_new(list, json_pack("{s:s,s:I,s:I,s:I,s:f}", "name", m->events[i].name,
                                              "events", (json_int_t)r->rules[i].events, "rows",
                                              (json_int_t)r->rules[i].rows, "before_exposure",
                                              (json_int_t)r->rules[i].before_exposure, "sum",
                                              r->rules[i].sum));
    return list;
}

static json_t *json_reasons(const struct import_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->reason_count; i++) {
        const struct report_reason *reason = &r->reasons[i];
        json_t *lines = json_array();
        for (size_t k = 0; k < REPORT_LINES && k < reason->rows; k++)
            json_array_append_new(lines, json_integer((json_int_t)reason->lines[k]));
        json_array_append_new(list, json_pack("{s:s,s:I,s:o}", "reason", reason->text, "rows",
                                              (json_int_t)reason->rows, "lines", lines));
    }
    return list;
}

static json_t *json_visitors(const struct import_report *r, const struct import *im)
{
    const struct sizes sizes = sizes_of(r);
    char first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE];
    clock_format(r->first_us, first);
    clock_format(r->last_us, last);
    bool is_there = r->visitor_count > 0;
    return json_pack("{s:I,s:I,s:s?,s:s?,s:s?,s:o,s:o}", "visitors", (json_int_t)r->visitor_count,
                     "crossovers", (json_int_t)sizes.crossovers, "first", is_there ? first : NULL,
                     "last", is_there ? last : NULL, "currency", im->mapping->currency, "variants",
                     json_variants(&sizes, im->mapping), "events", json_rules(r, im->mapping));
}

json_t *import_report_json(const struct import_report *r, const struct import *im)
{
    char separator[4];
    bool has_totals = im->mapping->has_totals;
    auto_json json_t *of_rows =
        has_totals ? json_pack("{s:o}", "totals", import_totals_json(im)) : json_visitors(r, im);
    json_t *report = json_pack(
        "{s:s,s:s,s:I,s:I,s:I,s:o,s:o}", "encoding", encoding_name(csv_file_encoding(im->file)),
        "separator", separator_name(im, separator), "rows", (json_int_t)im->rows, "bad_rows",
        (json_int_t)im->bad_rows, "left_out", (json_int_t)r->left_out, "columns", json_columns(im),
        "refused", json_reasons(r));
    must(report && json_object_update(report, of_rows) == 0);
    return report;
}
