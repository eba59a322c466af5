// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The cells of a record, by a mapping. What fails sets the fault: its pointer names the field of
 * the mapping, its detail the column and what stands there.
 */
#pragma once

#include "base/text.h"
#include "tools/csv/csv.h"
#include "tools/csv/number_style.h"
#include "tools/import/mapping/mapping.h"

/* The cell's text; NULL where the record has no such field, or it is no UTF-8. */
const char *import_text(const struct csv *csv, struct fault *fault, const struct mapping_cell *cell,
                        const char *pointer) must_use;
/* ERR_INVALID: the column holds the text and not what was wanted. */
enum err import_refuse(struct fault *fault, const char *pointer, const struct mapping_cell *cell,
                       const char *text, const char *wanted);
/* The text with a decimal point and nothing between thousands. False: it is no number. */
bool import_plain_number(const struct mapping_cell *cell, const char *text, char ret[NUMBER_BYTES]);
/* Appends it as a JSON number. */
bool import_add_number(struct buf *out, const struct mapping_cell *cell, const char *text);
/* Variants that the map leaves out have no key. */
enum err import_variant(const struct csv *csv, struct fault *fault, struct mapping *mapping,
                        const struct mapping_variant **ret) must_use;
enum err import_time(const struct csv *csv, struct fault *fault, const struct mapping_time *time,
                     const char *pointer, int64_t *ret_us) must_use;
