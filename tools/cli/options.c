// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/options.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MOST 40

struct target {
    const struct option_row *row;
    char *value;
};

static bool read_int(const char *text, const struct option_row *row, int64_t *ret)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end || (double)value < row->least || (double)value > row->most)
        return false;
    *ret = value;
    return true;
}

static bool read_number(const char *text, const struct option_row *row, double *ret)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || value < row->least || value > row->most)
        return false;
    *ret = value;
    return true;
}

static bool store(const struct target *t, const char *text)
{
    switch (t->row->kind) {
    case OPTION_FLAG:
        *(bool *)(void *)t->value = true;
        return true;
    case OPTION_TEXT:
        *(const char **)(void *)t->value = text;
        return true;
    case OPTION_INT:
        return read_int(text, t->row, (int64_t *)(void *)t->value);
    case OPTION_NUMBER:
        return read_number(text, t->row, (double *)(void *)t->value);
    case OPTION_TIME:
        return clock_parse(text, strlen(text), (int64_t *)(void *)t->value);
    }
    return false;
}

static void refuse_value(const struct option_row *row, const char *text, struct fault *fault)
{
    if (row->kind == OPTION_TIME)
        fault_set(fault, ERR_INVALID, "", "--%s: \"%s\" is not a time like 2026-01-31T12:00:00Z",
                  row->name, text);
    else
        fault_set(fault, ERR_INVALID, "", "--%s: \"%s\" is not a %s from %g to %g", row->name, text,
                  row->kind == OPTION_INT ? "whole number" : "number", row->least, row->most);
}

static size_t gather(const struct option_table *table, char *values, struct target *targets)
{
    must(table->count + table->shared_count < ROWS_MOST);
    size_t n = 0;
    for (size_t i = 0; i < table->count; i++)
        targets[n++] = (struct target){&table->rows[i], values + table->rows[i].offset};
    for (size_t i = 0; i < table->shared_count; i++) {
        const struct option_row *row = &table->shared[i];
        targets[n++] = (struct target){row, values + table->shared_offset + row->offset};
    }
    return n;
}

static enum options_step read_all(const struct option_table *table, int argc, char **argv,
                                  char *values, struct fault *fault)
{
    struct target targets[ROWS_MOST];
    struct option known[ROWS_MOST + 2] = {0};
    size_t n = gather(table, values, targets);
    for (size_t i = 0; i < n; i++)
        known[i] = (struct option){targets[i].row->name, targets[i].row->kind != OPTION_FLAG, NULL,
                                   (int)i + 256};
    known[n] = (struct option){"help", no_argument, NULL, 'h'};
    optind = 0;
    opterr = 0;
    int c;
    while ((c = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
        if (c == 'h')
            return OPTIONS_HELP;
        if (c == ':' || c == '?') {
            fault_set(fault, ERR_INVALID, "", "the option %s %s", argv[optind - 1],
                      c == ':' ? "lacks its value" : "is not known");
            return OPTIONS_WRONG;
        }
        const struct target *t = &targets[c - 256];
        if (!store(t, optarg)) {
            refuse_value(t->row, optarg, fault);
            return OPTIONS_WRONG;
        }
    }
    return OPTIONS_READ;
}

enum options_step options_read(const struct option_table *table, int argc, char **argv,
                               void *values, struct fault *ret_fault)
{
    enum options_step step = read_all(table, argc, argv, values, ret_fault);
    if (step != OPTIONS_READ)
        return step;
    if (argc - optind != (int)table->operands) {
        fault_set(ret_fault, ERR_INVALID, "", "%d operands are given, %u needed", argc - optind,
                  table->operands);
        return OPTIONS_WRONG;
    }
    const char **operands = (const char **)(void *)((char *)values + table->operand_offset);
    for (unsigned i = 0; i < table->operands; i++)
        operands[i] = argv[optind + (int)i];
    return OPTIONS_READ;
}

static void print_rows(const struct option_row *rows, size_t count, FILE *to)
{
    for (size_t i = 0; i < count; i++) {
        char left[40];
        snprintf(left, sizeof(left), "--%s%s%s", rows[i].name, rows[i].value_name ? " " : "",
                 rows[i].value_name ? rows[i].value_name : "");
        fprintf(to, "  %-24s %s\n", left, rows[i].help);
    }
}

void options_print(const struct option_table *table, FILE *to)
{
    print_rows(table->rows, table->count, to);
    print_rows(table->shared, table->shared_count, to);
}
