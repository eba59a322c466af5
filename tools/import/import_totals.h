// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Files whose rows are totals of a day, and not visitors: gathered into the one document that is
 * sent, checked by the server's own rules, and whatever is wrong with it told by its place in the
 * file.
 */
#pragma once

#include "tools/import/import.h"

/* Adds the current record. ERR_INVALID: it cannot be read, and nothing was added. */
enum err import_totals_add(struct import *im, const struct csv *csv, uint64_t row,
                           struct fault *ret_fault) must_use;
/* Once all rows are there, and the variants known. */
enum err import_totals_check(struct import *im, struct fault *ret_fault) must_use;
/* A fault whose pointer begins in the document of totals becomes one of row, line and column; any
 * other stays. 'before' is where the document stands: "" or "/totals". */
void import_totals_place(const struct import *im, const char *before, struct fault *fault);

/* import_totals_print.c: what --check tells of them beside the rest, as text and as JSON. */
void import_totals_print(const struct import *im, FILE *to);
json_t *import_totals_json(const struct import *im);
