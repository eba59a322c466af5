// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * JSON objects as CSV with a header: those gathered before the first one is written say the
 * columns, in the order in which they are met; where none was, the first one says them. Objects
 * within become a column for each of their members ("metrics": {"a": 1} is column "metrics.a"), but
 * "properties", which differ from row to row, stay one column of JSON. What is null in some rows
 * and an object in others has the columns of the object alone. A text that begins as a formula does
 * (= + - @ tab CR) gets an apostrophe before it, as in the files of the app: spreadsheets then take
 * it for text. Numbers stay numbers.
 */
#pragma once

#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Zero-initialised is ready. */
struct export_csv {
    struct buf columns; /* names, each ended by NUL; members parted by '.' */
    bool has_header;
};

/* Takes the row's columns that are not known yet, until the header is written. */
void export_csv_gather(struct export_csv *x, const json_t *row);
void export_csv_write(struct export_csv *x, const json_t *row, FILE *to);
void export_csv_done(struct export_csv *x);
