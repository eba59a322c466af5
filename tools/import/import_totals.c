// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import_totals.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "model/metric/metric.h"
#include "model/metric/totals.h"
#include "tools/csv/cell.h"
#include "tools/import/import_cell.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What people write where a row adds up those above it. */
static const char *const summary_words[] = {
    "total",        "totals",      "grand total", "sum",       "overall",    "all",
    "average",      "mean",        "gesamt",      "insgesamt", "summe",      "alle",
    "durchschnitt", "gesamtsumme", "Σ",           "∑",         "gesamtwert", "subtotal"};

static bool is_summary(const char *text)
{
    size_t length = strlen(text);
    while (length > 0 && strchr(" :", text[length - 1]))
        length--;
    for (size_t i = 0; i < sizeof(summary_words) / sizeof(summary_words[0]); i++)
        if (strlen(summary_words[i]) == length && strncasecmp(summary_words[i], text, length) == 0)
            return true;
    return false;
}

static enum err read_day(const struct csv *csv, const struct mapping_time *time, json_t *row,
                         struct fault *fault)
{
    int64_t us;
    char text[CLOCK_TEXT_SIZE];
    const char *told = import_text(csv, fault, &time->cell, "/time"), *wrong = NULL;
    if (!told)
        return ERR_INVALID;
    if (is_summary(told))
        wrong = "a day: take rows out that add up others";
    else if (import_time(csv, fault, time, "/time", &us))
        wrong = time->format ? "a day of the given format" : "a day like 2024-01-31";
    else if (us % DAY_US != 0)
        wrong = "a day: totals are of whole ones";
    else if (us > clock_wall_us() + DAY_US) /* where it is tomorrow already */
        wrong = "a day that has come";
    if (wrong)
        return import_refuse(fault, "/time", &time->cell, told, wrong);
    clock_format(us, text);
    must(json_object_set_new(row, "day", json_stringn(text, strlen("2024-01-31"))) == 0);
    return ERR_OK;
}

/* ERR_OK and no variant: the map leaves the row out. */
static enum err read_variant(const struct csv *csv, struct mapping *m, json_t *row,
                             struct fault *fault)
{
    const struct mapping_variant *found;
    const char *told = import_text(csv, fault, &m->variant, "/variant");
    if (!told)
        return ERR_INVALID;
    if (!m->has_map && (is_summary(told) || !*told))
        return import_refuse(fault, "/variant", &m->variant, told,
                             *told ? "a variant: take rows out that add up others" : "a variant");
    enum err e = import_variant(csv, fault, m, &found);
    if (!e && found->key)
        must(json_object_set_new(row, "variant", json_string(found->key)) == 0);
    return e;
}

/* Whole numbers stay whole, however they are written. NULL: the cell is empty, or is no number. */
static json_t *number_of(const struct mapping_cell *cell, const char *text)
{
    char plain[NUMBER_BYTES];
    int64_t whole;
    if (!import_plain_number(cell, text, plain))
        return NULL;
    if (cell_count(plain, INT64_C(1) << 53, &whole))
        return json_integer(whole);
    auto_buf struct buf out = {0};
    return cell_add_number(&out, plain) ? json_real(strtod(out.data, NULL)) : NULL;
}

static enum err read_number(const struct csv *csv, const struct mapping_cell *cell,
                            const char *pointer, json_t *to, const char *name, struct fault *fault)
{
    const char *text = import_text(csv, fault, cell, pointer);
    if (!text)
        return ERR_INVALID;
    json_t *number = number_of(cell, text);
    if (!number)
        return import_refuse(fault, pointer, cell, text, "a number");
    must(json_object_set_new(to, name, number) == 0);
    return ERR_OK;
}

static enum err read_sums(const struct csv *csv, const struct mapping *m, json_t *sums,
                          struct fault *fault)
{
    for (size_t i = 0; i < m->total_count; i++) {
        const struct mapping_total *t = &m->totals[i];
        json_t *sum = json_object();
        must(json_object_set_new(sums, t->metric, sum) == 0);
        enum err e = read_number(csv, &t->sum, "/sum", sum, "sum", fault);
        if (!e && (t->squares.column || t->squares.constant))
            e = read_number(csv, &t->squares, "/squares", sum, "squares", fault);
        if (e) {
            fault_prefix_index(fault, i);
            fault_prefix(fault, "/totals/sums");
            return e;
        }
    }
    return ERR_OK;
}

static enum err read_row(const struct csv *csv, struct mapping *m, json_t *row, struct fault *fault)
{
    json_t *sums = json_object();
    must(json_object_set_new(row, "sums", sums) == 0);
    enum err e = read_variant(csv, m, row, fault);
    if (e || !json_object_get(row, "variant"))
        return e;
    e = read_day(csv, &m->time, row, fault);
    e = e ? e : read_number(csv, &m->visitors, "/totals/visitors", row, "visitors", fault);
    return e ? e : read_sums(csv, m, sums, fault);
}

static json_t *rows_of(struct import *im)
{
    if (!im->totals)
        im->totals =
            json_pack("{s:s, s:[]}", "visitors", im->mapping->is_daily ? "daily" : "new", "rows");
    must(im->totals);
    return json_object_get(im->totals, "rows");
}

enum err import_totals_add(struct import *im, const struct csv *csv, uint64_t row,
                           struct fault *ret_fault)
{
    json_t *rows = rows_of(im);
    size_t count = json_array_size(rows);
    auto_json json_t *one = json_object();
    enum err e = read_row(csv, im->mapping, one, ret_fault);
    if (e)
        return e;
    if (!json_object_get(one, "variant")) {
        im->report.left_out++;
        return ERR_OK;
    }
    if (count == TOTALS_ROWS)
        return fault_set(ret_fault, ERR_INVALID, "", "there are more than %d rows", TOTALS_ROWS);
    if (!im->places)
        im->places = arena_zalloc(im->arena, TOTALS_ROWS * sizeof(*im->places));
    im->places[count] = (struct import_place){row, csv_line(csv)};
    must(json_array_append(rows, one) == 0);
    return ERR_OK;
}

static json_t *variants_of(const struct mapping *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->variant_count; i++)
        if (m->variants[i].is_first)
            must(json_array_append_new(list, json_pack("{s:s}", "key", m->variants[i].key)) == 0);
    return list;
}

static json_t *builtin_kinds(void)
{
    auto_json json_t *builtins = metric_builtins("EUR");
    json_t *kinds = json_object();
    for (size_t i = 0; i < json_array_size(builtins); i++) {
        const json_t *document = json_object_get(json_array_get(builtins, i), "document");
        must(json_object_set(kinds, json_text_at(document, "key"),
                             json_object_get(document, "kind")) == 0);
    }
    return kinds;
}

/* As the server has them, as the mapping defines them, or as they are built in; else not known. */
static json_t *kinds_of(const struct import *im)
{
    auto_json json_t *builtins = builtin_kinds();
    json_t *kinds = json_object();
    for (size_t i = 0; i < json_array_size(im->mapping->metrics); i++) {
        const json_t *metric = json_array_get(im->mapping->metrics, i);
        const char *key = json_text_at(metric, "key");
        const char *kind = json_text_or(metric, "kind", json_text_at(builtins, key));
        kind = json_text_or(im->kinds, key, kind);
        must(json_object_set_new(kinds, key, kind ? json_string(kind) : json_null()) == 0);
    }
    return kinds;
}

static enum err check(struct import *im, struct fault *fault)
{
    auto_json json_t *canonical = NULL;
    auto_json json_t *variants = variants_of(im->mapping);
    auto_json json_t *kinds = kinds_of(im);
    enum err e = field_read(totals_fields, im->totals, &canonical, fault);
    return e ? e : totals_check(canonical, variants, kinds, fault);
}

enum err import_totals_check(struct import *im, struct fault *ret_fault)
{
    enum err e = check(im, ret_fault);
    if (e)
        import_totals_place(im, "", ret_fault);
    return e;
}

/* The column of "sums/KEY/squares". */
static const char *sum_column(const struct mapping *m, const char *field)
{
    const char *key = strchr(field, '/');
    for (size_t i = 0; key && i < m->total_count; i++) {
        const struct mapping_total *t = &m->totals[i];
        size_t length = strlen(t->metric);
        if (strncmp(key + 1, t->metric, length) != 0 || (key[1 + length] && key[1 + length] != '/'))
            continue;
        bool is_squares = strcmp(key + 1 + length, "/squares") == 0 && t->squares.column;
        return is_squares ? t->squares.column : t->sum.column;
    }
    return NULL;
}

static const char *column_of(const struct mapping *m, const char *field)
{
    if (strcmp(field, "day") == 0)
        return m->time.cell.column;
    if (strcmp(field, "variant") == 0)
        return m->variant.column;
    return strcmp(field, "visitors") == 0 ? m->visitors.column : sum_column(m, field);
}

void import_totals_place(const struct import *im, const char *before, struct fault *fault)
{
    char why[sizeof(fault->detail)], *end;
    size_t skipped = strlen(before);
    if (strncmp(fault->pointer, before, skipped) != 0 ||
        strncmp(fault->pointer + skipped, "/rows/", 6) != 0)
        return;
    unsigned long index = strtoul(fault->pointer + skipped + 6, &end, 10);
    if (index >= json_array_size(json_object_get(im->totals, "rows")))
        return;
    const char *column = column_of(im->mapping, *end == '/' ? end + 1 : end);
    const struct import_place *place = &im->places[index];
    snprintf(why, sizeof(why), "%s", fault->detail);
    fault_set(fault, fault->code, "", "row %llu (line %llu)%s%.100s%s: %s",
              (unsigned long long)place->row, (unsigned long long)place->line,
              column ? ", column \"" : "", column ? column : "", column ? "\"" : "", why);
}
