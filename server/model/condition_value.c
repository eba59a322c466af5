// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition_value.h"

#include <math.h>
#include <string.h>

struct condition_value condition_value_of(const json_t *value)
{
    if (!value)
        return (struct condition_value){.kind = CONDITION_NULL};
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return (struct condition_value){.kind = CONDITION_OBJECT, .tree = value};
    case JSON_ARRAY:
        return (struct condition_value){.kind = CONDITION_ARRAY, .tree = value};
    case JSON_STRING:
        return (struct condition_value){.kind = CONDITION_STRING,
                                        .text = json_string_value(value),
                                        .length = json_string_length(value)};
    case JSON_INTEGER:
    case JSON_REAL:
        return (struct condition_value){.kind = CONDITION_NUMBER,
                                        .number = json_number_value(value)};
    case JSON_TRUE:
        return (struct condition_value){.kind = CONDITION_BOOLEAN, .number = 1};
    case JSON_FALSE:
        return (struct condition_value){.kind = CONDITION_BOOLEAN};
    case JSON_NULL:
        break;
    }
    return (struct condition_value){.kind = CONDITION_NULL};
}

struct condition_value condition_value_at(const struct condition_value *from,
                                          const struct condition_step *step)
{
    if (from->kind == CONDITION_OBJECT)
        return condition_value_of(json_object_get(from->tree, step->key));
    if (from->kind == CONDITION_ARRAY && strcmp(step->key, "length") == 0)
        return (struct condition_value){.kind = CONDITION_NUMBER,
                                        .number = (double)json_array_size(from->tree)};
    if (from->kind == CONDITION_ARRAY)
        return condition_value_of(json_array_get(from->tree, step->index));
    return (struct condition_value){.kind = CONDITION_NULL};
}

bool condition_value_is_true(const struct condition_value *v)
{
    switch (v->kind) {
    case CONDITION_NULL:
        return false;
    case CONDITION_BOOLEAN:
    case CONDITION_NUMBER:
        return v->number != 0;
    case CONDITION_STRING:
        return v->length > 0;
    case CONDITION_ARRAY:
    case CONDITION_OBJECT:
        return true;
    }
    return false;
}

static void join(struct buf *b, const json_t *array)
{
    size_t count = json_array_size(array);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(b, ',');
        const json_t *item = json_array_get(array, i);
        if (json_is_array(item)) {
            join(b, item);
        } else if (!json_is_null(item)) {
            struct condition_value v = condition_value_of(item);
            auto_condition_text struct condition_text text;
            condition_text_of(&v, &text);
            buf_add(b, text.s, text.length);
        }
    }
}

static void set_text(struct condition_text *t, const char *s)
{
    t->s = s;
    t->length = strlen(s);
}

void condition_text_of(const struct condition_value *v, struct condition_text *ret)
{
    ret->joined = (struct buf){0};
    switch (v->kind) {
    case CONDITION_NULL:
        set_text(ret, "null");
        break;
    case CONDITION_BOOLEAN:
        set_text(ret, v->number != 0 ? "true" : "false");
        break;
    case CONDITION_NUMBER:
        condition_number_format(v->number, ret->digits);
        set_text(ret, ret->digits);
        break;
    case CONDITION_STRING:
        ret->s = v->text;
        ret->length = v->length;
        break;
    case CONDITION_ARRAY:
        buf_add_str(&ret->joined, "");
        join(&ret->joined, v->tree);
        ret->s = ret->joined.data;
        ret->length = ret->joined.length;
        break;
    case CONDITION_OBJECT:
        set_text(ret, "[object Object]");
        break;
    }
}

void condition_version_of(const struct condition_value *v, struct condition_text *ret)
{
    bool is_version = (v->kind == CONDITION_STRING && v->length > 0) || v->kind == CONDITION_NUMBER;
    static const struct condition_value zero = {.kind = CONDITION_NUMBER};
    condition_text_of(is_version ? v : &zero, ret);
}

void condition_text_done(struct condition_text *t)
{
    buf_done(&t->joined);
}

double condition_value_number(const struct condition_value *v)
{
    switch (v->kind) {
    case CONDITION_NULL:
    case CONDITION_BOOLEAN:
    case CONDITION_NUMBER:
        return v->number;
    case CONDITION_OBJECT:
        return NAN;
    case CONDITION_STRING:
    case CONDITION_ARRAY:
        break;
    }
    auto_condition_text struct condition_text text;
    condition_text_of(v, &text);
    return condition_number_read(text.s, text.length);
}

/* Lead bytes of U+E000..U+FFFF go behind those of four-byte sequences. */
static int rank(unsigned char c)
{
    return c == 0xee || c == 0xef ? c + 0x10 : c;
}

int condition_text_compare(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t n = a_length < b_length ? a_length : b_length;
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return rank((unsigned char)a[i]) - rank((unsigned char)b[i]);
    return (a_length > b_length) - (a_length < b_length);
}
