// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json_quick.h"

static json_t *read_string(struct json_cursor *c)
{
    const char *text;
    size_t length;
    return json_cursor_text(c, &text, &length) ? json_stringn_nocheck(text, length) : NULL;
}

static json_t *read_number(struct json_cursor *c)
{
    struct json_plain_number n;
    if (!json_cursor_number(c, &n))
        return NULL;
    return n.is_real ? json_real(n.real) : json_integer(n.integer);
}

static json_t *read_word(struct json_cursor *c)
{
    enum json_word word;
    if (!json_cursor_word(c, &word))
        return NULL;
    return word == JSON_WORD_NULL ? json_null() : json_boolean(word == JSON_WORD_TRUE);
}

static bool read_member(struct json_cursor *c, json_t *object)
{
    const char *key;
    size_t length, count = json_object_size(object);
    if (!json_cursor_key(c, &key, &length))
        return false;
    json_t *value = json_quick_value(c);
    if (!value || json_object_setn_new_nocheck(object, key, length, value))
        return false;
    /* A key that was there already is the parser's to refuse. */
    return json_object_size(object) == count + 1;
}

static bool read_item(struct json_cursor *c, json_t *array)
{
    json_t *value = json_quick_value(c);
    return value && json_array_append_new(array, value) == 0;
}

/* Takes 'container' and gives it back when it is whole. */
static json_t *read_container(struct json_cursor *c, json_t *container, const char brackets[2],
                              bool (*read_one)(struct json_cursor *c, json_t *container))
{
    bool is_last = false, is_fine = json_cursor_open(c, brackets[0], &is_last);
    while (is_fine && !is_last)
        is_fine = read_one(c, container) && json_cursor_next(c, brackets[1], &is_last);
    if (is_fine)
        return container;
    json_decref(container);
    return NULL;
}

json_t *json_quick_value(struct json_cursor *c)
{
    char first = json_cursor_peek(c);
    if (first == '"')
        return read_string(c);
    if (first == '{')
        return read_container(c, json_object(), "{}", read_member);
    if (first == '[')
        return read_container(c, json_array(), "[]", read_item);
    return first == '-' || (first >= '0' && first <= '9') ? read_number(c) : read_word(c);
}

json_t *json_quick_read(const char *text, size_t length, const struct json_limits *limits)
{
    struct json_cursor c = json_cursor_of(text, length, limits);
    json_t *value = json_quick_value(&c);
    if (value && json_cursor_is_done(&c))
        return value;
    json_decref(value);
    return NULL;
}
