// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/export/export_csv.h"

#include "base/json/json.h"

#include <string.h>

static bool is_opened(const char *name, const json_t *value)
{
    return json_is_object(value) && strcmp(name, "properties") != 0;
}

static bool has_column(const struct export_csv *x, const char *name)
{
    const char *end = x->columns.data + x->columns.length;
    for (const char *column = x->columns.data; column < end; column += strlen(column) + 1)
        if (strcmp(column, name) == 0)
            return true;
    return false;
}

static void gather(struct export_csv *x, const char *prefix, const json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        auto_buf struct buf path = {0};
        buf_printf(&path, "%s%s%s", prefix, *prefix ? "." : "", name);
        if (is_opened(name, value))
            gather(x, path.data, value);
        else if (!has_column(x, path.data))
            buf_add(&x->columns, path.data, path.length + 1);
    }
}

/* Whether the columns of its members stand for it. */
static bool is_parted(const struct export_csv *x, const char *name)
{
    const size_t length = strlen(name);
    const char *end = x->columns.data + x->columns.length;
    for (const char *column = x->columns.data; column < end; column += strlen(column) + 1)
        if (strncmp(column, name, length) == 0 && column[length] == '.')
            return true;
    return false;
}

static void drop_parted(struct export_csv *x)
{
    struct buf kept = {0};
    const char *end = x->columns.data + x->columns.length;
    for (const char *column = x->columns.data; column < end; column += strlen(column) + 1)
        if (!is_parted(x, column))
            buf_add(&kept, column, strlen(column) + 1);
    buf_done(&x->columns);
    x->columns = kept;
}

static bool is_formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}

static void write_cell(const char *mark, const char *text, FILE *to)
{
    bool is_quoted = strpbrk(text, ",\"\r\n");
    if (is_quoted)
        fputc('"', to);
    fputs(mark, to);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', to);
        fputc(*text, to);
    }
    if (is_quoted)
        fputc('"', to);
}

static void write_text(const char *text, FILE *to)
{
    write_cell(is_formula(text) ? "'" : "", text, to);
}

static void write_value(const json_t *value, FILE *to)
{
    if (!value || json_is_null(value))
        return;
    if (json_is_string(value)) {
        write_text(json_string_value(value), to);
        return;
    }
    auto_buf struct buf text = {0};
    json_add_value(&text, value);
    write_cell("", text.data, to);
}

/* A member's name may hold dots itself, so the whole rest of the path is tried first. */
static const json_t *find(const json_t *object, const char *path)
{
    const json_t *there = json_object_get(object, path);
    for (const char *dot = strchr(path, '.'); !there && dot; dot = strchr(dot + 1, '.')) {
        auto_buf struct buf name = {0};
        buf_add(&name, path, (size_t)(dot - path));
        const json_t *inner = json_object_get(object, name.data);
        if (json_is_object(inner))
            there = find(inner, dot + 1);
    }
    return there;
}

static void write_line(const struct export_csv *x, const json_t *row, FILE *to)
{
    const char *end = x->columns.data + x->columns.length;
    for (const char *column = x->columns.data; column < end; column += strlen(column) + 1) {
        if (column > x->columns.data)
            fputc(',', to);
        if (row)
            write_value(find(row, column), to);
        else
            write_text(column, to);
    }
    fputc('\n', to);
}

void export_csv_gather(struct export_csv *x, const json_t *row)
{
    if (!x->has_header)
        gather(x, "", row);
}

void export_csv_write(struct export_csv *x, const json_t *row, FILE *to)
{
    if (!x->has_header) {
        if (x->columns.length == 0)
            gather(x, "", row);
        drop_parted(x);
        x->has_header = true;
        write_line(x, NULL, to);
    }
    write_line(x, row, to);
}

void export_csv_done(struct export_csv *x)
{
    buf_done(&x->columns);
}
