// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import.h"

#include "base/mem.h"
#include "tools/cli/progress.h"
#include "tools/import/import_totals.h"

#include <stdio.h>
#include <strings.h>

#define COMPLAINTS_SHOWN 10

/* Spreadsheets may say the separator in a line before the header. */
static bool says_separator(const struct csv *csv)
{
    return csv_count(csv) == 2 && strcasecmp(csv_field(csv, 0), "sep=") == 0 && !*csv_field(csv, 1);
}

static enum err read_header(struct import *im, struct csv *csv, size_t *ret_columns,
                            struct fault *fault)
{
    enum csv_step step = csv_next(csv, fault);
    if (step == CSV_RECORD && says_separator(csv))
        step = csv_next(csv, fault);
    switch (step) {
    case CSV_RECORD:
        break;
    case CSV_END:
        return fault_set(fault, ERR_INVALID, "", "the CSV file is empty");
    case CSV_BAD:
    case CSV_FAILED:
        return fault->code;
    }
    const char *names[CSV_FIELDS];
    *ret_columns = csv_count(csv);
    for (size_t i = 0; i < csv_count(csv); i++)
        names[i] = csv_field(csv, i);
    return mapping_bind(im->mapping, names, csv_count(csv), fault);
}

static enum err walk(struct csv *csv, size_t columns, import_visit_fn *fn, void *arg,
                     struct fault *fault)
{
    for (uint64_t row = 1;; row++) {
        struct fault bad;
        enum csv_step step = csv_next(csv, &bad);
        if (step == CSV_END)
            return ERR_OK;
        if (step == CSV_FAILED) {
            *fault = bad;
            return bad.code;
        }
        bool is_bad = step == CSV_BAD || csv_count(csv) != columns;
        if (step == CSV_RECORD && is_bad)
            fault_set(&bad, ERR_INVALID, "", "the record has %zu fields, the header %zu",
                      csv_count(csv), columns);
        enum err e = fn(arg, csv, row, is_bad ? &bad : NULL, fault);
        if (e)
            return e;
    }
}

enum err import_walk(struct import *im, import_visit_fn *fn, void *arg, struct fault *ret_fault)
{
    enum err e = csv_file_rewind(im->file, ret_fault);
    if (e)
        return e;
    struct csv *csv = csv_new(csv_file_read, im->file, im->separator);
    size_t columns = 0;
    e = read_header(im, csv, &columns, ret_fault);
    e = e ? e : walk(csv, columns, fn, arg, ret_fault);
    csv_free(csv);
    return e;
}

struct scan {
    struct import *import;
    struct progress progress;
};

static void complain(struct import *im, const struct csv *csv, uint64_t row,
                     const struct fault *bad)
{
    import_report_refuse(&im->report, csv_line(csv), bad);
    if (++im->bad_rows > COMPLAINTS_SHOWN)
        return;
    bool has_place = bad->pointer[0] != '\0';
    fprintf(stderr, "row %llu (line %llu): %s%s%s%s\n", (unsigned long long)row,
            (unsigned long long)csv_line(csv), bad->detail, has_place ? " (mapping " : "",
            bad->pointer, has_place ? ")" : "");
}

/* Reads what the row is of. */
static enum err take_row(struct import *im, const struct csv *csv, uint64_t row,
                         struct fault *fault)
{
    struct import_facts facts;
    if (im->mapping->has_totals)
        return import_totals_add(im, csv, row, fault);
    enum err e = import_row_facts(&im->source, csv, row, &facts, fault);
    if (e)
        return e;
    if (im->options->is_check)
        import_report_add(&im->report, im->mapping, &facts);
    else
        import_tally_add(&im->tally, &facts);
    return ERR_OK;
}

static enum err check_row(void *arg, const struct csv *csv, uint64_t row, const struct fault *bad,
                          struct fault *ret_fault)
{
    (void)ret_fault;
    struct scan *scan = arg;
    struct import *im = scan->import;
    struct fault fault;
    im->rows = row;
    if (bad)
        complain(im, csv, row, bad);
    else if (take_row(im, csv, row, &fault))
        complain(im, csv, row, &fault);
    progress_show(&scan->progress, csv_file_done(im->file), NULL);
    return ERR_OK;
}

enum err import_scan(struct import *im, struct fault *ret_fault)
{
    struct scan scan = {.import = im};
    progress_init(&scan.progress, "reading", csv_file_bytes(im->file));
    enum err e = import_walk(im, check_row, &scan, ret_fault);
    progress_done(&scan.progress);
    if (e)
        return e;
    csv_file_digest(im->file, im->source.digest);
    struct fault incomplete;
    bool is_complete = mapping_complete(im->mapping, &incomplete) == ERR_OK;
    if (im->bad_rows && !im->options->can_skip)
        return fault_set(ret_fault, ERR_INVALID, "",
                         "%llu of %llu rows cannot be read, so nothing was sent%s",
                         (unsigned long long)im->bad_rows, (unsigned long long)im->rows,
                         im->mapping->has_totals ? "" : "; --skip-bad-rows leaves them out");
    if (!is_complete) {
        *ret_fault = incomplete;
        return incomplete.code;
    }
    return im->mapping->has_totals ? import_totals_check(im, ret_fault) : ERR_OK;
}
