// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Text in columns as wide as their widest cell: the first to the left, the others to the right.
 */
#pragma once

#include "base/text.h"

#include <stdio.h>

#define TABLE_COLUMNS 16

/* Zero-initialised is empty. */
struct table {
    struct buf cells; /* each ended by NUL */
    size_t columns;   /* of the first row */
    size_t rows;
    size_t filled; /* cells of the row in work */
    size_t widths[TABLE_COLUMNS];
};

void table_cell(struct table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the row. All rows have as many cells as the first. */
void table_row(struct table *t);
/* Prints every row behind 'indent' blanks, and empties the table. */
void table_print(struct table *t, unsigned indent, FILE *to);
