// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/shape.h"

#include "base/json/json.h"

#include <math.h>
#include <string.h>

_Static_assert(sizeof(size_t) == sizeof(uint64_t), "counts are read as either");

/* NULL: nothing is there. */
static const void *member_of(const struct shape_row *row, const void *value)
{
    const void *at = (const char *)value + row->offset;
    return row->marks & SHAPE_AT ? *(const void *const *)at : at;
}

static bool is_pointer(enum shape_kind kind)
{
    return kind == SHAPE_TEXT || kind == SHAPE_TIME || kind == SHAPE_DIGITS || kind == SHAPE_JSON ||
           kind == SHAPE_LIST || kind == SHAPE_MAP || kind == SHAPE_TEXTS || kind == SHAPE_COUNTS;
}

static bool has_member(const struct shape_row *row, const void *value)
{
    const void *at = member_of(row, value);
    if (row->has != 0 && !*(const bool *)((const char *)value + row->has))
        return false;
    if (!(row->marks & SHAPE_OPTIONAL))
        return true;
    return at && (!is_pointer(row->kind) || *(const void *const *)at);
}

static size_t size_at(const void *value, size_t offset)
{
    return *(const size_t *)((const char *)value + offset);
}

/* Writes the member at 'at' of the struct at 'value'. */
typedef void write_fn(const struct shape_row *row, const void *value, const void *at,
                      struct buf *out);

static const char *text_at(const void *at)
{
    return *(const char *const *)at;
}

static void write_fixed(const struct shape_row *row, const void *value, const void *at,
                        struct buf *out)
{
    (void)value;
    (void)at;
    json_add_string(out, row->words[0]);
}

static void write_text(const struct shape_row *row, const void *value, const void *at,
                       struct buf *out)
{
    (void)row;
    (void)value;
    if (text_at(at))
        json_add_string(out, text_at(at));
    else
        buf_add_str(out, "null");
}

static void write_chars(const struct shape_row *row, const void *value, const void *at,
                        struct buf *out)
{
    (void)row;
    (void)value;
    json_add_string(out, at);
}

static void write_json(const struct shape_row *row, const void *value, const void *at,
                       struct buf *out)
{
    (void)row;
    (void)value;
    buf_add_str(out, text_at(at) ? text_at(at) : "null");
}

static void write_word(const struct shape_row *row, const void *value, const void *at,
                       struct buf *out)
{
    unsigned word = *(const unsigned *)at;
    (void)value;
    json_add_string(out, row->kind == SHAPE_STATUS ? row->word(word) : row->words[word]);
}

static void write_bits(const struct shape_row *row, const void *value, const void *at,
                       struct buf *out)
{
    unsigned bits = *(const unsigned *)at;
    (void)value;
    buf_add_char(out, '[');
    for (unsigned bit = 1; bit && bit <= bits; bit <<= 1) {
        const char *word = bits & bit ? row->word(bit) : NULL;
        if (!word)
            continue;
        json_add_comma(out);
        json_add_string(out, word);
    }
    buf_add_char(out, ']');
}

static void write_bool(const struct shape_row *row, const void *value, const void *at,
                       struct buf *out)
{
    bool is_true = *(const bool *)at;
    (void)value;
    if (row->kind == SHAPE_CHOICE)
        json_add_string(out, row->words[is_true ? 1 : 0]);
    else
        buf_add_str(out, is_true ? "true" : "false");
}

static void write_whole(const struct shape_row *row, const void *value, const void *at,
                        struct buf *out)
{
    (void)value;
    if (row->kind == SHAPE_INT)
        json_add_int(out, *(const int *)at);
    else if (row->kind == SHAPE_LONG)
        json_add_int(out, *(const int64_t *)at);
    else
        json_add_int(out, (int64_t)(*(const uint64_t *)at));
}

static void write_number(const struct shape_row *row, const void *value, const void *at,
                         struct buf *out)
{
    const struct shape_number *number = at;
    (void)value;
    if (row->kind == SHAPE_DOUBLE)
        json_add_number(out, *(const double *)at);
    else
        json_add_number(out, number->is_known ? number->value : NAN);
}

static void write_interval(const struct shape_row *row, const void *value, const void *at,
                           struct buf *out)
{
    const struct shape_interval *interval = at;
    (void)row;
    (void)value;
    if (!interval->is_known) {
        buf_add_str(out, "null");
        return;
    }
    buf_add_char(out, '[');
    json_add_number(out, interval->lower);
    buf_add_char(out, ',');
    json_add_number(out, interval->upper);
    buf_add_char(out, ']');
}

static void write_object(const struct shape_row *row, const void *value, const void *at,
                         struct buf *out)
{
    (void)value;
    shape_write(row->of, at, out);
}

static void write_list(const struct shape_row *row, const void *value, const void *at,
                       struct buf *out)
{
    size_t count = size_at(value, row->count);
    const char *items = text_at(at);
    buf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_add_comma(out);
        shape_write(row->of, items + i * row->of->size, out);
    }
    buf_add_char(out, ']');
}

static void write_texts(const struct shape_row *row, const void *value, const void *at,
                        struct buf *out)
{
    size_t count = size_at(value, row->count);
    const char *const *texts = *(const char *const *const *)at;
    buf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_add_comma(out);
        json_add_string(out, texts[i]);
    }
    buf_add_char(out, ']');
}

static void write_counts(const struct shape_row *row, const void *value, const void *at,
                         struct buf *out)
{
    size_t rows = size_at(value, row->count), columns = size_at(value, row->columns);
    const uint64_t *counts = *(const uint64_t *const *)at;
    buf_add_char(out, '[');
    for (size_t i = 0; i < rows; i++) {
        json_add_comma(out);
        buf_add_char(out, '[');
        for (size_t j = 0; j < columns; j++) {
            json_add_comma(out);
            json_add_int(out, (int64_t)counts[i * columns + j]);
        }
        buf_add_char(out, ']');
    }
    buf_add_char(out, ']');
}

static write_fn write_map;

static write_fn *const writers[] = {
    [SHAPE_FIXED] = write_fixed,       [SHAPE_TEXT] = write_text,     [SHAPE_CHARS] = write_chars,
    [SHAPE_TIME] = write_text,         [SHAPE_DIGITS] = write_text,   [SHAPE_WORD] = write_word,
    [SHAPE_STATUS] = write_word,       [SHAPE_BITS] = write_bits,     [SHAPE_BOOL] = write_bool,
    [SHAPE_CHOICE] = write_bool,       [SHAPE_INT] = write_whole,     [SHAPE_LONG] = write_whole,
    [SHAPE_COUNT] = write_whole,       [SHAPE_DOUBLE] = write_number, [SHAPE_NUMBER] = write_number,
    [SHAPE_INTERVAL] = write_interval, [SHAPE_JSON] = write_json,     [SHAPE_OBJECT] = write_object,
    [SHAPE_LIST] = write_list,         [SHAPE_MAP] = write_map,       [SHAPE_TEXTS] = write_texts,
    [SHAPE_COUNTS] = write_counts,
};

static void write_value(const struct shape_row *row, const void *value, struct buf *out)
{
    const void *at = member_of(row, value);
    if (at)
        writers[row->kind](row, value, at, out);
    else
        buf_add_str(out, "null");
}

static void write_map(const struct shape_row *row, const void *value, const void *at,
                      struct buf *out)
{
    const struct shape_row *name = &row->of->rows[0], *of = &row->of->rows[1];
    const char *items = text_at(at);
    buf_add_char(out, '{');
    for (size_t i = size_at(value, row->count); i > 0; i--, items += row->of->size) {
        json_add_key(out, text_at(member_of(name, items)));
        write_value(of, items, out);
    }
    buf_add_char(out, '}');
}

static void write_members(const struct shape *shape, const void *value, struct buf *out)
{
    for (const struct shape_row *row = shape->rows; row->name; row++) {
        if (!has_member(row, value))
            continue;
        if (row->kind == SHAPE_MEMBERS) {
            write_members(row->of, member_of(row, value), out);
            continue;
        }
        json_add_name(out, row->name);
        write_value(row, value, out);
    }
}

void shape_write(const struct shape *shape, const void *value, struct buf *out)
{
    buf_add_char(out, '{');
    write_members(shape, value, out);
    buf_add_char(out, '}');
}
