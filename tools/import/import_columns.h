// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How the columns of a file write numbers and times, found over the whole file before a row is
 * read: a decimal comma, marks between thousands, day or month first. What can be read both ways is
 * refused with the words that tell it.
 */
#pragma once

#include "tools/csv/cell_kind.h"
#include "tools/csv/day_style.h"
#include "tools/csv/number_style.h"
#include "tools/import/mapping/mapping.h"

struct import_column {
    const char *name;
    bool is_time;
    const char *said; /* the mapping's decimal sign or format; NULL: to be found */
    char decimal;     /* of numbers; '\0': it can be read both ways */
    bool is_month_first;
    struct number_evidence number;
    struct day_evidence day;
    bool has_kind[CELL_KINDS];
    size_t index;
};

struct import_columns {
    struct import_column *list;
    size_t count;
};
