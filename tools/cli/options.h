// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Command line options of a verb: one const table says name, kind, place, limits and meaning; it
 * reads, checks and describes itself. Options may stand before or after the operands; "--" ends
 * them.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
    OPTION_FLAG,   /* bool, set true */
    OPTION_TEXT,   /* const char *, borrowed from argv */
    OPTION_INT,    /* int64_t within [least, most] */
    OPTION_NUMBER, /* double within [least, most] */
    OPTION_TIME    /* int64_t, microseconds since 1970, from RFC 3339 or a date */
};

struct option_row {
    const char *name; /* without "--" */
    enum option_kind kind;
    size_t offset; /* in the verb's struct of values */
    double least, most;
    const char *value_name; /* "FILE"; NULL for flags */
    const char *help;       /* one line */
};

struct option_table {
    const struct option_row *rows;
    size_t count;
    const struct option_row *shared; /* a second list, with offsets from 'shared_offset' */
    size_t shared_count;
    size_t shared_offset;
    unsigned operands;     /* exactly so many */
    size_t operand_offset; /* of a 'const char *[operands]' */
};

enum options_step { OPTIONS_READ, OPTIONS_HELP, OPTIONS_WRONG };

/* Reads argv (argv[0] is the verb) into 'values', which holds the defaults. OPTIONS_HELP: the user
 * asks for help. OPTIONS_WRONG: ret_fault says what is wrong; values are then half written. */
enum options_step options_read(const struct option_table *table, int argc, char **argv,
                               void *values, struct fault *ret_fault) must_use;
/* One line an option. */
void options_print(const struct option_table *table, FILE *to);
