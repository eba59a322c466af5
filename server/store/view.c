// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/view.h"

#include "store/columns.h"

struct view_row {
    const char *view;
};

const struct column view_columns[] = {
    COLUMN(struct view_row, view, COLUMN_JSON),
    {0},
};

const char *view_read(const PGresult *result)
{
    struct view_row row;
    column_read(view_columns, result, 0, &row);
    return row.view;
}
