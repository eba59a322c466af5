// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_quick.h"

#include "base/json.h"

#include <string.h>

/* Deeper texts are rare; the stack is not theirs. */
#define DEPTH_MAX 32
/* Numbers of so few digits are exact as a double, and so is the power of ten they are divided by.
 */
#define DIGITS_MAX 15

struct quick {
    const char *at, *end;
    unsigned depth;
};

static json_t *read_value(struct quick *q);

static void skip_blanks(struct quick *q)
{
    while (q->at < q->end && (*q->at == ' ' || *q->at == '\n' || *q->at == '\t' || *q->at == '\r'))
        q->at++;
}

static bool take(struct quick *q, char c)
{
    skip_blanks(q);
    if (q->at == q->end || *q->at != c)
        return false;
    q->at++;
    return true;
}

static bool read_text(struct quick *q, const char **ret, size_t *ret_length)
{
    if (!take(q, '"'))
        return false;
    const char *from = q->at;
    while (q->at < q->end && *q->at != '"') {
        unsigned char c = (unsigned char)*q->at++;
        if (c < 0x20 || c >= 0x80 || c == '\\')
            return false;
    }
    if (q->at == q->end)
        return false;
    *ret = from;
    *ret_length = (size_t)(q->at++ - from);
    return true;
}

static json_t *read_string(struct quick *q)
{
    const char *text;
    size_t length;
    return read_text(q, &text, &length) ? json_stringn_nocheck(text, length) : NULL;
}

static int digits(struct quick *q, json_int_t *value, int most)
{
    const char *from = q->at;
    for (; q->at < q->end && *q->at >= '0' && *q->at <= '9' && q->at - from < most; q->at++)
        *value = *value * 10 + (*q->at - '0');
    return (int)(q->at - from);
}

static bool ends_number(const struct quick *q)
{
    return q->at == q->end || !strchr("0123456789.eE+-", *q->at);
}

static json_t *read_number(struct quick *q)
{
    static const double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool is_negative = take(q, '-');
    const char *from = q->at;
    json_int_t value = 0;
    int whole = digits(q, &value, DIGITS_MAX), behind = 0;
    bool is_real = whole > 0 && q->at < q->end && *q->at == '.';
    if (whole == 0 || (whole > 1 && *from == '0'))
        return NULL;
    if (is_real) {
        q->at++;
        behind = digits(q, &value, DIGITS_MAX - whole);
    }
    /* "-0" is left to the parser proper, as are long numbers and exponents. */
    if ((is_real && behind == 0) || !ends_number(q) || (is_negative && value == 0))
        return NULL;
    if (!is_real)
        return json_integer(is_negative ? -value : value);
    double real = (double)value / powers[behind];
    return json_real(is_negative ? -real : real);
}

static json_t *read_word(struct quick *q)
{
    static const struct {
        const char *text;
        size_t length;
        json_t *(*make)(void);
    } words[] = {{"true", 4, json_true}, {"false", 5, json_false}, {"null", 4, json_null}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if ((size_t)(q->end - q->at) >= words[i].length &&
            memcmp(q->at, words[i].text, words[i].length) == 0) {
            q->at += words[i].length;
            return words[i].make();
        }
    return NULL;
}

static bool read_member(struct quick *q, json_t *object)
{
    const char *key;
    size_t length, count = json_object_size(object);
    if (!read_text(q, &key, &length) || !take(q, ':'))
        return false;
    json_t *value = read_value(q);
    if (!value || json_object_setn_new_nocheck(object, key, length, value))
        return false;
    /* A key that was there already is the parser's to refuse. */
    return json_object_size(object) == count + 1;
}

static bool read_item(struct quick *q, json_t *array)
{
    json_t *value = read_value(q);
    return value && json_array_append_new(array, value) == 0;
}

/* From behind the opening bracket; takes 'container' and gives it back when it is whole. */
static json_t *read_rest(struct quick *q, json_t *container, char closing,
                         bool (*read_one)(struct quick *q, json_t *container))
{
    bool is_whole = take(q, closing), can_go_on = !is_whole && ++q->depth <= DEPTH_MAX;
    while (can_go_on) {
        can_go_on = read_one(q, container);
        is_whole = can_go_on && take(q, closing);
        can_go_on = can_go_on && !is_whole && take(q, ',');
        if (is_whole)
            q->depth--;
    }
    if (is_whole)
        return container;
    json_decref(container);
    return NULL;
}

static json_t *read_value(struct quick *q)
{
    skip_blanks(q);
    if (q->at == q->end)
        return NULL;
    if (*q->at == '"')
        return read_string(q);
    if (take(q, '{'))
        return read_rest(q, json_object(), '}', read_member);
    if (take(q, '['))
        return read_rest(q, json_array(), ']', read_item);
    return *q->at == '-' || (*q->at >= '0' && *q->at <= '9') ? read_number(q) : read_word(q);
}

json_t *json_quick_read(const char *text, size_t length)
{
    struct quick q = {.at = text, .end = text + length};
    json_t *value = read_value(&q);
    skip_blanks(&q);
    if (value && q.at == q.end)
        return value;
    json_decref(value);
    return NULL;
}
