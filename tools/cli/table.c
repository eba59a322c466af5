// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/table.h"

#include "base/mem.h"

#include <stdarg.h>
#include <string.h>

/* Characters, not bytes. */
static size_t width_of(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

void table_cell(struct table *t, const char *format, ...)
{
    char text[256];
    va_list ap;
    must(t->filled < TABLE_COLUMNS);
    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    size_t width = width_of(text);
    if (width > t->widths[t->filled])
        t->widths[t->filled] = width;
    buf_add(&t->cells, text, strlen(text) + 1);
    t->filled++;
}

void table_row(struct table *t)
{
    must(t->rows == 0 || t->filled == t->columns);
    t->columns = t->filled;
    t->filled = 0;
    t->rows++;
}

void table_print(struct table *t, unsigned indent, FILE *to)
{
    const char *cell = t->cells.data;
    for (size_t i = 0; i < t->rows * t->columns; i++) {
        size_t column = i % t->columns, gap = t->widths[column] - width_of(cell);
        if (column == 0)
            fprintf(to, "%*s%s%*s", (int)indent, "", cell, (int)gap, "");
        else
            fprintf(to, "  %*s%s", (int)gap, "", cell);
        if (column + 1 == t->columns)
            fputc('\n', to);
        cell += strlen(cell) + 1;
    }
    buf_done(&t->cells);
    *t = (struct table){0};
}
