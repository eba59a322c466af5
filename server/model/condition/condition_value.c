// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition_value.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From here on a double does not hold every whole number. */
#define DOUBLE_HOLDS (INT64_C(1) << 53)

struct condition_value condition_value_of_whole(json_int_t whole)
{
    bool is_held = whole <= DOUBLE_HOLDS && whole >= -DOUBLE_HOLDS;
    return (struct condition_value){
        .kind = CONDITION_NUMBER, .number = (double)whole, .whole = is_held ? 0 : whole};
}

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
        return condition_value_of_whole(json_integer_value(value));
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

static void join(struct buf *b, const json_t *array, size_t most)
{
    size_t count = json_array_size(array);
    for (size_t i = 0; i < count && b->length <= most; i++) {
        if (i > 0)
            buf_add_char(b, ',');
        const json_t *item = json_array_get(array, i);
        if (json_is_array(item)) {
            join(b, item, most);
        } else if (!json_is_null(item) && b->length <= most) {
            struct condition_value v = condition_value_of(item);
            auto_condition_text struct condition_text text;
            condition_text_of(&v, &text);
            size_t room = most - b->length;
            buf_add(b, text.s, text.length <= room ? text.length : room + 1);
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
    condition_text_within(v, SIZE_MAX, ret);
}

void condition_text_within(const struct condition_value *v, size_t most, struct condition_text *ret)
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
        condition_value_format(v, ret->digits);
        set_text(ret, ret->digits);
        break;
    case CONDITION_STRING:
        ret->s = v->text;
        ret->length = v->length;
        break;
    case CONDITION_ARRAY:
        buf_add_str(&ret->joined, "");
        join(&ret->joined, v->tree, most);
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

/* No number has a comma, so what counts is whether there is one item, and which. */
static double number_of_array(const json_t *array)
{
    if (json_array_size(array) == 0)
        return 0;
    const json_t *item = json_array_get(array, 0);
    if (json_array_size(array) > 1 || json_is_boolean(item))
        return NAN;
    struct condition_value v = condition_value_of(item);
    return condition_value_number(&v);
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
    case CONDITION_ARRAY:
        return number_of_array(v->tree);
    case CONDITION_STRING:
        break;
    }
    return condition_number_read(v->text, v->length);
}

/* The whole that a text of at most 18 digits says, 0 for any other text. */
static json_int_t whole_of(const struct condition_value *v)
{
    if (v->kind != CONDITION_STRING || v->length < 16)
        return 0;
    size_t sign = v->text[0] == '-';
    size_t digits = strspn(v->text + sign, "0123456789");
    return digits <= 18 && sign + digits == v->length ? strtoll(v->text, NULL, 10) : 0;
}

struct condition_value condition_value_as_number(const struct condition_value *v)
{
    if (v->kind == CONDITION_NUMBER)
        return *v;
    json_int_t whole = whole_of(v);
    if (whole != 0)
        return condition_value_of_whole(whole);
    return (struct condition_value){.kind = CONDITION_NUMBER, .number = condition_value_number(v)};
}

/* No other whole number has the same double; or the number is known beside it. */
static bool is_exact(const struct condition_value *v)
{
    return v->whole || fabs(v->number) <= (double)DOUBLE_HOLDS;
}

int condition_value_compare(const struct condition_value *a, const struct condition_value *b)
{
    if (!is_exact(a) || !is_exact(b))
        return (a->number > b->number) - (a->number < b->number);
    /* 64 bits of mantissa hold either. */
    long double x = a->whole ? (long double)a->whole : (long double)a->number;
    long double y = b->whole ? (long double)b->whole : (long double)b->number;
    return (x > y) - (x < y);
}

void condition_value_format(const struct condition_value *v, char out[CONDITION_NUMBER_SIZE])
{
    if (v->whole)
        snprintf(out, CONDITION_NUMBER_SIZE, "%lld", (long long)v->whole);
    else
        condition_number_format(v->number, out);
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
