// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/page.h"

#include "io/pg/row.h"
#include "store/columns.h"

const struct column page_columns[] = {
    COLUMN_OPTIONAL(struct page_row, cursor, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct page_row, item, COLUMN_JSON),
    {0},
};

int page_count(const PGresult *result)
{
    struct page_row first;
    if (pg_row_count(result) == 0)
        return 0;
    page_read(result, 0, &first);
    return first.cursor ? pg_row_count(result) : 0;
}

void page_read(const PGresult *result, int row, struct page_row *ret)
{
    column_read(page_columns, result, row, ret);
}
