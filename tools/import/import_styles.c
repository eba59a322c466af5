// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import.h"

#include "base/mem.h"
#include "tools/csv/cell.h"
#include "tools/csv/currency_sign.h"

#include <math.h>
#include <string.h>

/* What holds a number, or a time (then 'time' is there, and 'cell' is its own). */
typedef void cell_fn(struct import *im, struct mapping_cell *cell, struct mapping_time *time);

static void each_of_event(struct import *im, struct mapping_event *event, cell_fn *fn)
{
    fn(im, &event->time.cell, &event->time);
    fn(im, &event->value, NULL);
    fn(im, &event->count, NULL);
    if (!isnan(event->when.above))
        fn(im, &event->when.cell, NULL);
    for (size_t i = 0; i < event->property_count; i++)
        if (event->properties[i].kind && strcmp(event->properties[i].kind, "number") == 0)
            fn(im, &event->properties[i].cell, NULL);
}

static void each_cell(struct import *im, cell_fn *fn)
{
    struct mapping *m = im->mapping;
    fn(im, &m->time.cell, &m->time);
    for (size_t i = 0; i < m->event_count; i++)
        each_of_event(im, &m->events[i], fn);
    fn(im, &m->visitors, NULL);
    for (size_t i = 0; i < m->total_count; i++) {
        fn(im, &m->totals[i].sum, NULL);
        fn(im, &m->totals[i].squares, NULL);
    }
}

static struct import_column *find(const struct import *im, const struct mapping_cell *cell,
                                  bool is_time)
{
    for (size_t i = 0; i < im->columns.count; i++)
        if (im->columns.list[i].is_time == is_time &&
            strcmp(im->columns.list[i].name, cell->column) == 0)
            return &im->columns.list[i];
    return NULL;
}

static void add(struct import *im, struct mapping_cell *cell, struct mapping_time *time)
{
    if (!cell->column)
        return;
    if (!time && !cell->decimal)
        cell->decimal = im->options->decimal;
    struct import_column *c = find(im, cell, time != NULL);
    if (!c) {
        c = &im->columns.list[im->columns.count++];
        *c = (struct import_column){.name = cell->column, .is_time = time != NULL};
    }
    if (!c->said)
        c->said = time ? time->format : cell->decimal;
}

/* Indices stand in the cells once the header is read. */
static void place(struct import *im, struct mapping_cell *cell, struct mapping_time *time)
{
    if (cell->column)
        find(im, cell, time != NULL)->index = cell->index;
}

static void note_time(struct import_column *c, const char *text, uint64_t line)
{
    int64_t us;
    if (!cell_time(text, c->said, &us) && !cell_time(text, "mdy", &us))
        return;
    day_evidence_add(&c->day, text, line);
    c->has_kind[cell_kind_of_time(text)] = true;
}

static enum err note_row(void *arg, const struct csv *csv, uint64_t row, const struct fault *bad,
                         struct fault *ret_fault)
{
    struct import *im = arg;
    (void)ret_fault;
    if (row == 1)
        each_cell(im, place);
    for (size_t i = 0; !bad && i < im->columns.count; i++) {
        struct import_column *c = &im->columns.list[i];
        const char *text = csv_field(csv, c->index);
        if (c->is_time)
            note_time(c, text, csv_line(csv));
        else
            number_evidence_add(&c->number, text, csv_line(csv));
    }
    return ERR_OK;
}

static void set(struct import *im, struct mapping_cell *cell, struct mapping_time *time)
{
    if (!cell->column)
        return;
    const struct import_column *c = find(im, cell, time != NULL);
    cell->sign = c->decimal;
    if (time)
        time->is_month_first = c->is_month_first;
}

/* Sums of several currencies say nothing, and dollars are not counted as euros. 'first': the first
 * column that names one. */
static enum err judge_currency(const struct import *im, const struct import_column *c,
                               const struct import_column *first, struct fault *fault)
{
    const struct number_evidence *e = &c->number, *before = &first->number;
    const char *said = im->mapping->currency;
    if (e->other_currency)
        return fault_set(fault, ERR_INVALID, "",
                         "column \"%s\" holds amounts in %s (line %llu) and in %s (line %llu): put "
                         "them into one currency, or into a file each",
                         c->name, e->currency, (unsigned long long)e->currency_line,
                         e->other_currency, (unsigned long long)e->other_line);
    if (said && !currency_sign_is(e->currency, said))
        return fault_set(fault, ERR_INVALID, "/campaign/currency",
                         "is %s, and column \"%s\" holds amounts in %s (line %llu)", said, c->name,
                         e->currency, (unsigned long long)e->currency_line);
    if (strcmp(e->currency, before->currency) != 0)
        return fault_set(fault, ERR_INVALID, "",
                         "column \"%s\" holds amounts in %s (line %llu), and column \"%s\" in %s "
                         "(line %llu): put them into one currency, or into a file each",
                         first->name, before->currency, (unsigned long long)before->currency_line,
                         c->name, e->currency, (unsigned long long)e->currency_line);
    return ERR_OK;
}

static enum err judge(const struct import *im, struct import_column *c, struct fault *fault)
{
    char point[NUMBER_BYTES], comma[NUMBER_BYTES];
    c->decimal =
        c->said && !c->is_time ? *c->said : number_evidence_decimal(&c->number, im->separator);
    c->is_month_first =
        c->said ? strcmp(c->said, "mdy") == 0 : day_evidence_is_month_first(&c->day);
    if (c->is_time && !c->said && c->day.short_dashes > 0)
        return fault_set(fault, ERR_INVALID, "",
                         "column \"%s\" can be read in several ways, since its years have two "
                         "digits and may stand first or last (line %llu): say --time-format dmy, "
                         "mdy or %%y-%%m-%%d, or \"format\" beside its \"column\"",
                         c->name, (unsigned long long)c->day.short_line);
    if (c->is_time && !c->said && day_evidence_is_open(&c->day))
        return fault_set(fault, ERR_INVALID, "",
                         "column \"%s\" can be read in two ways, since no day of it is above 12 "
                         "(\"%s\" on line %llu): say whether the day or the month comes first by "
                         "--time-format dmy or mdy, or by \"format\" beside its \"column\"",
                         c->name, c->day.open_text, (unsigned long long)c->day.open_line);
    if (c->is_time || c->decimal || !number_plain('.', c->number.open_text, point) ||
        !number_plain(',', c->number.open_text, comma))
        return ERR_OK;
    return fault_set(fault, ERR_INVALID, "",
                     "column \"%s\" can be read in two ways (\"%s\" on line %llu is %s or %s): say "
                     "its decimal sign by --decimal . or --decimal , or by \"decimal\" beside its "
                     "\"column\"",
                     c->name, c->number.open_text, (unsigned long long)c->number.open_line, point,
                     comma);
}

enum err import_styles(struct import *im, struct fault *ret_fault)
{
    size_t most = 2 + MAPPING_EVENTS * (4 + MAPPING_PROPERTIES) + MAPPING_TOTALS * 2;
    im->columns.list = arena_zalloc(im->arena, most * sizeof(*im->columns.list));
    each_cell(im, add);
    enum err e = import_walk(im, note_row, im, ret_fault);
    for (size_t i = 0; !e && i < im->columns.count; i++)
        e = judge(im, &im->columns.list[i], ret_fault);
    const struct import_column *first = NULL;
    for (size_t i = 0; !e && i < im->columns.count; i++) {
        const struct import_column *c = &im->columns.list[i];
        first = first ? first : c->number.currency ? c : NULL;
        if (c->number.currency)
            e = judge_currency(im, c, first, ret_fault);
    }
    /* Events say it, and the server what it makes of it. */
    if (first && strlen(first->number.currency) == 3 && !im->totals)
        im->mapping->currency = first->number.currency;
    each_cell(im, set);
    return e;
}
