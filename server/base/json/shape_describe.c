// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/shape.h"

#include "base/json/json.h"
#include "base/mem.h"

#include <ctype.h>
#include <string.h>

enum { SHAPES_MAX = 100 };

struct seen {
    const struct shape *shapes[SHAPES_MAX];
    size_t count;
};

static void gather(struct seen *s, const struct shape *shape);

static void gather_rows(struct seen *s, const struct shape *shape)
{
    for (const struct shape_row *row = shape->rows; row->name; row++) {
        if (row->kind == SHAPE_MEMBERS || row->kind == SHAPE_MAP)
            gather_rows(s, row->of);
        else if (row->of)
            gather(s, row->of);
    }
}

static void gather(struct seen *s, const struct shape *shape)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->shapes[i] == shape)
            return;
    gather_rows(s, shape);
    must(s->count < SHAPES_MAX);
    s->shapes[s->count++] = shape;
}

void shape_visit(const struct shape *shape, shape_visit_fn *visit, void *arg)
{
    struct seen seen = {.count = 0};
    gather(&seen, shape);
    for (size_t i = 0; i < seen.count; i++)
        visit(arg, seen.shapes[i]);
}

static bool can_be_null(const struct shape_row *row)
{
    return (row->marks & SHAPE_NULLABLE) || row->kind == SHAPE_NUMBER ||
           row->kind == SHAPE_INTERVAL;
}

/* What a struct of members brings may stand there or not. */
static bool can_be_missing(const struct shape_row *row, bool is_part)
{
    return is_part || row->has != 0 || (row->marks & SHAPE_OPTIONAL);
}

/* Two parts of which one is there may bring the same member: it is described once. */
static bool is_told(const struct shape *shape, const struct shape_row *until, const char *name)
{
    for (const struct shape_row *row = shape->rows; row != until && row->name; row++)
        if (row->kind == SHAPE_MEMBERS ? is_told(row->of, NULL, name)
                                       : strcmp(row->name, name) == 0)
            return true;
    return false;
}

/* Writes shapes as JSON Schema. */
struct schema_writer {
    const char *prefix;
    struct buf *out;
};

static const char *type_of(enum shape_kind kind)
{
    static const char *const types[] = {
        [SHAPE_BOOL] = "boolean",   [SHAPE_INT] = "integer",    [SHAPE_LONG] = "integer",
        [SHAPE_COUNT] = "integer",  [SHAPE_DOUBLE] = "number",  [SHAPE_NUMBER] = "number",
        [SHAPE_INTERVAL] = "array", [SHAPE_BITS] = "array",     [SHAPE_LIST] = "array",
        [SHAPE_TEXTS] = "array",    [SHAPE_COUNTS] = "array",   [SHAPE_OBJECT] = "object",
        [SHAPE_MAP] = "object",     [SHAPE_MEMBERS] = "object",
    };
    const char *type = kind < sizeof(types) / sizeof(types[0]) ? types[kind] : NULL;
    return type ? type : "string";
}

static void describe_words(const struct shape_row *row, struct buf *out)
{
    json_add_key(out, "enum");
    buf_add_char(out, '[');
    for (size_t i = 0; row->words[i]; i++) {
        json_add_comma(out);
        json_add_string(out, row->words[i]);
    }
    buf_add_char(out, ']');
}

static void describe_reference(const struct schema_writer *s, const struct shape *of)
{
    buf_printf(s->out, "{\"$ref\":\"%s%s\"}", s->prefix, of->name);
}

static void describe_items(const struct schema_writer *s, const struct shape_row *row)
{
    json_add_key(s->out, "items");
    if (row->kind == SHAPE_INTERVAL)
        buf_add_str(s->out, "{\"type\":[\"number\",\"null\"]}");
    else if (row->kind == SHAPE_LIST)
        describe_reference(s, row->of);
    else if (row->kind == SHAPE_COUNTS)
        buf_add_str(s->out, "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}");
    else
        buf_add_str(s->out, "{\"type\":\"string\"}");
}

static void describe_type(const struct schema_writer *s, const struct shape_row *row)
{
    const char *type = type_of(row->kind);
    buf_printf(s->out, can_be_null(row) ? "\"type\":[\"%s\",\"null\"]" : "\"type\":\"%s\"", type);
    if (row->kind == SHAPE_TIME)
        buf_add_str(s->out, ",\"format\":\"date-time\"");
    if (row->kind == SHAPE_DIGITS)
        buf_add_str(s->out, ",\"pattern\":\"^-?[0-9]+$\"");
    if (row->words)
        describe_words(row, s->out);
    if (strcmp(type, "array") == 0)
        describe_items(s, row);
}

static void describe_row(const struct schema_writer *s, const struct shape_row *row)
{
    const struct shape *of = row->of;
    buf_add_char(s->out, '{');
    if (of && (row->kind == SHAPE_OBJECT || row->kind == SHAPE_JSON) && can_be_null(row)) {
        buf_add_str(s->out, "\"anyOf\":[");
        describe_reference(s, of);
        buf_add_str(s->out, ",{\"type\":\"null\"}]");
    } else if (of && (row->kind == SHAPE_OBJECT || row->kind == SHAPE_JSON)) {
        buf_printf(s->out, "\"$ref\":\"%s%s\"", s->prefix, of->name);
    } else if (row->kind == SHAPE_MAP) {
        buf_add_str(s->out, "\"type\":\"object\",\"additionalProperties\":");
        describe_row(s, &of->rows[1]);
    } else if (row->kind != SHAPE_JSON) {
        describe_type(s, row);
    }
    if (row->meaning) {
        json_add_key(s->out, "description");
        json_add_string(s->out, row->meaning);
    }
    buf_add_char(s->out, '}');
}

static void describe_rows(const struct schema_writer *s, const struct shape *shape,
                          const struct shape *within, const struct shape_row *part)
{
    for (const struct shape_row *row = shape->rows; row->name; row++) {
        if (row->kind == SHAPE_MEMBERS) {
            describe_rows(s, row->of, shape, row);
        } else if (!within || !is_told(within, part, row->name)) {
            json_add_key(s->out, row->name);
            describe_row(s, row);
        }
    }
}

static void describe_required(const struct shape *shape, bool is_part, struct buf *out)
{
    for (const struct shape_row *row = shape->rows; row->name; row++) {
        bool is_maybe = can_be_missing(row, is_part);
        if (row->kind == SHAPE_MEMBERS) {
            describe_required(row->of, is_maybe, out);
        } else if (!is_maybe) {
            json_add_comma(out);
            json_add_string(out, row->name);
        }
    }
}

static void describe_shape(void *arg, const struct shape *shape)
{
    const struct schema_writer *s = arg;
    json_add_key(s->out, shape->name);
    buf_add_str(s->out, "{\"type\":\"object\",\"properties\":{");
    describe_rows(s, shape, NULL, NULL);
    buf_add_str(s->out, "},\"required\":[");
    describe_required(shape, false, s->out);
    buf_add_str(s->out, "],\"additionalProperties\":false}");
}

void shape_describe(const struct shape *shape, const char *prefix, struct buf *out)
{
    struct schema_writer s = {prefix, out};
    shape_visit(shape, describe_shape, &s);
}

/* TypeScript. */
static void add_type_name(struct buf *out, const char *name)
{
    bool is_first = true;
    for (; *name; name++) {
        if (*name != '_')
            buf_add_char(out, is_first ? (char)toupper((unsigned char)*name) : *name);
        is_first = *name == '_';
    }
}

static void declare_words(const struct shape_row *row, struct buf *out)
{
    for (size_t i = 0; row->words[i]; i++)
        buf_printf(out, "%s'%s'", i ? " | " : "", row->words[i]);
}

static void declare_type(const struct shape_row *row, struct buf *out)
{
    const char *type = type_of(row->kind);
    if (row->kind == SHAPE_INTERVAL)
        buf_add_str(out, "[number | null, number | null]");
    else if (row->kind == SHAPE_COUNTS)
        buf_add_str(out, "number[][]");
    else if (row->kind == SHAPE_TEXTS || row->kind == SHAPE_BITS)
        buf_add_str(out, "string[]");
    else if (row->words)
        declare_words(row, out);
    else if (row->kind == SHAPE_MAP) {
        buf_add_str(out, "Record<string, ");
        declare_type(&row->of->rows[1], out);
        buf_add_char(out, '>');
    } else if (row->of)
        add_type_name(out, row->of->name);
    else
        buf_add_str(out, row->kind == SHAPE_JSON        ? "unknown"
                         : strcmp(type, "integer") == 0 ? "number"
                                                        : type);
    if (row->kind == SHAPE_LIST)
        buf_add_str(out, "[]");
}

static void declare_rows(const struct shape *shape, const struct shape *within,
                         const struct shape_row *part, struct buf *out)
{
    bool is_maybe = part && can_be_missing(part, false);
    for (const struct shape_row *row = shape->rows; row->name; row++) {
        if (row->kind == SHAPE_MEMBERS) {
            declare_rows(row->of, shape, row, out);
            continue;
        }
        if (within && is_told(within, part, row->name))
            continue;
        if (row->meaning)
            buf_printf(out, "    /** %s */\n", row->meaning);
        buf_printf(out, "    %s%s: ", row->name, can_be_missing(row, is_maybe) ? "?" : "");
        declare_type(row, out);
        buf_add_str(out, can_be_null(row) ? " | null;\n" : ";\n");
    }
}

static void declare_shape(void *arg, const struct shape *shape)
{
    struct buf *out = arg;
    buf_add_str(out, "\nexport interface ");
    add_type_name(out, shape->name);
    buf_add_str(out, " {\n");
    declare_rows(shape, NULL, NULL, out);
    buf_add_str(out, "}\n");
}

void shape_declare(const struct shape *shape, struct buf *out)
{
    shape_visit(shape, declare_shape, out);
}
