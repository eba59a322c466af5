// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How times of a column are written, for a person who checks a file before it is sent. Pure.
 */
#pragma once

#include <stdbool.h>

enum cell_kind {
    CELL_DATE,
    CELL_DATE_TIME,
    CELL_POINTS,
    CELL_SLASHES,
    CELL_DASHES,
    CELL_SPREADSHEET,
    CELL_SECONDS,
    CELL_MILLISECONDS,
    CELL_MICROSECONDS,
    CELL_KINDS
};

/* Of a text that cell_time reads. */
enum cell_kind cell_kind_of_time(const char *text);
/* "31.01.2024", as an example; of slashes and dashes by what comes first. */
const char *cell_kind_name(enum cell_kind kind, bool is_month_first);
