// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/cell_kind.h"

#include <stdlib.h>
#include <string.h>

static enum cell_kind of_number(double value)
{
    if (value < 1e5)
        return CELL_SPREADSHEET;
    return value < 1e11 ? CELL_SECONDS : value < 1e14 ? CELL_MILLISECONDS : CELL_MICROSECONDS;
}

enum cell_kind cell_kind_of_time(const char *text)
{
    text += strspn(text, " ");
    size_t n = strspn(text, "0123456789"), rest = strlen(text + n);
    if (n <= 2 && text[n] == '.')
        return CELL_POINTS;
    if (n <= 2 && text[n] == '/')
        return CELL_SLASHES;
    if (n <= 2 && text[n] == '-')
        return CELL_DASHES;
    if (n != 4 || text[n] != '-')
        return of_number(strtod(text, NULL));
    return n + rest <= 10 ? CELL_DATE : CELL_DATE_TIME;
}

const char *cell_kind_name(enum cell_kind kind, bool is_month_first)
{
    static const char *const names[CELL_KINDS][2] = {
        [CELL_DATE] = {"2024-01-31", "2024-01-31"},
        [CELL_DATE_TIME] = {"2024-01-31 12:00", "2024-01-31 12:00"},
        [CELL_POINTS] = {"31.01.2024", "31.01.2024"},
        [CELL_SLASHES] = {"31/01/2024 (day first)", "01/31/2024 (month first)"},
        [CELL_DASHES] = {"31-01-2024 (day first)", "01-31-2024 (month first)"},
        [CELL_SPREADSHEET] = {"days of a spreadsheet", "days of a spreadsheet"},
        [CELL_SECONDS] = {"seconds since 1970", "seconds since 1970"},
        [CELL_MILLISECONDS] = {"milliseconds since 1970", "milliseconds since 1970"},
        [CELL_MICROSECONDS] = {"microseconds since 1970", "microseconds since 1970"},
    };
    return names[kind][is_month_first];
}
