// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a statement of a list returns: rows (cursor, item), one more than the page holds when there
 * is a next page. Every list of the desk has these two columns.
 */
#pragma once

#include "io/pg/pg.h"

/* How many rows there are; one row of nulls stands for an empty list. */
int page_count(const PGresult *result);

/* Texts are borrowed from the result. */
struct page_row {
    const char *cursor; /* where a page that begins behind this row begins */
    const char *item;   /* one JSON object; NULL: nothing to show, but the cursor counts */
};
void page_read(const PGresult *result, int row, struct page_row *ret);
