// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the results document says, as rows: of metrics, of days, of looks, of days since the
 * exposure, of variants and of days to come; and what the documents of the split and of the
 * findings say.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

typedef void export_row_fn(void *arg, const json_t *row);

/* The document that such rows are made of: "results", "split" or "findings"; NULL: of none. */
const char *export_document_of(const char *what);

/* Calls 'fn' with each row of that kind; the row is not kept. */
void export_document(const json_t *document, const char *what, export_row_fn *fn, void *arg);
