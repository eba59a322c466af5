// SPDX-License-Identifier: GPL-3.0-or-later
/* What becomes of a scenario's rows: a table in Markdown, counted words, or a check of a table. */
#pragma once

#include "scenario.h"

#include <stdio.h>

struct count {
    int kept, broken, skipped;
};

/* Lines and head of the whole text. */
void report_head(uint64_t seed);
void report_family(const struct family *family);
/* One line of the table; verdict NULL: the scenario was skipped. */
void report_row(const struct scenario *scenario, const struct row *row,
                const struct verdict *verdict, double exact, uint64_t n);
/* The closing counts as the test runner reads them. */
void report_count(FILE *out, const struct count *count);

/*
 * Whether the text of a calibration holds exactly the rows of this program: the same scenarios, in
 * this order, with the same numbers of runs and promises. Prints what differs.
 */
bool report_is_of(const char *path, const struct family *const *families, size_t count,
                  uint64_t seed);
