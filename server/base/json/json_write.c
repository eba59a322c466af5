// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/decimal.h"
#include "base/json/json.h"

#include <math.h>
#include <string.h>

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7f;
}

void json_add_string_n(struct buf *b, const char *s, size_t length)
{
    buf_add_char(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)s[i];
        if (is_plain(c))
            continue;
        buf_add(b, s + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            buf_add_str(b, "\\n");
        else
            buf_printf(b, "\\u%04x", c);
    }
    buf_add(b, s + from, length - from);
    buf_add_char(b, '"');
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
