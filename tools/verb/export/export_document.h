// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the results document says, as rows: of metrics, of days, of looks, of days since the
 * exposure; and what the document of the split says. All rows of one kind have the same members.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

typedef void export_row_fn(void *arg, const json_t *row);

/* Whether such rows are made of a document: "split" of that of the split, all others of results. */
bool export_document_has(const char *what);

/* Calls 'fn' with each row of that kind; the row is not kept. */
void export_document(const json_t *document, const char *what, export_row_fn *fn, void *arg);
