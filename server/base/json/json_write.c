// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/decimal.h"
#include "base/json/json.h"
#include "base/word.h"

#include <math.h>
#include <string.h>

/* What a string does not hold as it is: '<' neither, so that a page may hold the text. */
static const bool is_mark[256] = {
    [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, ['<'] = true, [0x7f] = true};

/* The first mark from 'at' on, or 'end'. */
static const char *next_mark(const char *at, const char *end)
{
    for (; (size_t)(end - at) >= WORD_BYTES; at += WORD_BYTES) {
        uint64_t word = word_read(at);
        if (word_below(word, ' ') | word_equal(word, '"') | word_equal(word, '\\') |
            word_equal(word, '<') | word_equal(word, 0x7f))
            break;
    }
    while (at < end && !is_mark[(unsigned char)*at])
        at++;
    return at;
}

static void add_mark(struct buf *b, unsigned char c)
{
    if (c == '"' || c == '\\')
        buf_printf(b, "\\%c", c);
    else if (c == '\n')
        buf_add_str(b, "\\n");
    else
        buf_printf(b, "\\u%04x", c);
}

/* Most strings hold none. */
static void add_marked(struct buf *b, const char *s, const char *end)
{
    buf_add_char(b, '"');
    for (;;) {
        const char *mark = next_mark(s, end);
        buf_add(b, s, (size_t)(mark - s));
        if (mark == end)
            break;
        add_mark(b, (unsigned char)*mark);
        s = mark + 1;
    }
    buf_add_char(b, '"');
}

/* The bytes in quotes, and what follows them; NUL: nothing does. */
static void add_quoted(struct buf *b, const char *s, size_t length, char tail)
{
    if (b->capacity - b->length <= length + 3)
        buf_reserve(b, length + 3);
    char *to = b->data + b->length;
    to[0] = '"';
    if (length > 0)
        memcpy(to + 1, s, length);
    to[length + 1] = '"';
    to[length + 2] = tail;
    to[length + 3] = '\0';
    b->length += length + (tail ? 3 : 2);
}

void json_add_string_n(struct buf *b, const char *s, size_t length)
{
    if (next_mark(s, s + length) != s + length)
        add_marked(b, s, s + length);
    else
        add_quoted(b, s, length, '\0');
}

void json_add_string(struct buf *b, const char *s)
{
    json_add_string_n(b, s, strlen(s));
}

void json_add_int(struct buf *b, int64_t value)
{
    char digits[DECIMAL_SIZE];
    buf_add(b, digits, decimal_write_int(digits, value));
}

void json_add_number(struct buf *b, double value)
{
    if (!isfinite(value)) {
        buf_add_str(b, "null");
        return;
    }
    char digits[DECIMAL_SIZE];
    buf_add(b, digits, decimal_write(digits, value));
}

void json_add_comma(struct buf *b)
{
    if (b->length == 0)
        return;
    char last = b->data[b->length - 1];
    if (last != '{' && last != '[' && last != ':')
        buf_add_char(b, ',');
}

void json_add_key(struct buf *b, const char *key)
{
    json_add_comma(b);
    json_add_string(b, key);
    buf_add_char(b, ':');
}

void json_add_name(struct buf *b, const char *name)
{
    json_add_comma(b);
    add_quoted(b, name, strlen(name), ':');
}

static void add_object(struct buf *b, const json_t *object)
{
    buf_add_char(b, '{');
    /* jansson's iterators take a mutable pointer but do not write */
    json_t *readable = json_incref((json_t *)(uintptr_t)object);
    const char *key;
    json_t *value;
    json_object_foreach(readable, key, value) {
        json_add_key(b, key);
        json_add_value(b, value);
    }
    json_decref(readable);
    buf_add_char(b, '}');
}

static void add_array(struct buf *b, const json_t *array)
{
    buf_add_char(b, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0)
            buf_add_char(b, ',');
        json_add_value(b, json_array_get(array, i));
    }
    buf_add_char(b, ']');
}

void json_add_value(struct buf *b, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        add_object(b, value);
        break;
    case JSON_ARRAY:
        add_array(b, value);
        break;
    case JSON_STRING:
        json_add_string_n(b, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        json_add_int(b, json_integer_value(value));
        break;
    case JSON_REAL:
        json_add_number(b, json_real_value(value));
        break;
    case JSON_TRUE:
        buf_add_str(b, "true");
        break;
    case JSON_FALSE:
        buf_add_str(b, "false");
        break;
    case JSON_NULL:
        buf_add_str(b, "null");
        break;
    }
}
