// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json_cursor.h"

#include "base/decimal.h"
#include "base/word.h"

#include <string.h>

/* Deeper texts are rare; the stack is not theirs. */
#define DEPTH_MAX 32
/* Numbers of so few digits are exact as a double, and so is the power of ten they are divided by;
 * 64 bits hold those of so many. */
#define DIGITS_EXACT 15
#define DIGITS_MAX   19

/* What a plain string of ASCII does not hold. */
static const bool is_mark[256] = {
    [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x80 ... 0xff] = true};

struct json_cursor json_cursor_of(const char *text, size_t length, const struct json_limits *limits)
{
    return (struct json_cursor){
        .at = text,
        .end = length <= limits->bytes ? text + length : text,
        .depth = limits->depth < DEPTH_MAX ? limits->depth : DEPTH_MAX,
        .nodes = limits->nodes - 1,
    };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool count_node(struct json_cursor *c)
{
    return c->nodes > 0 && c->nodes-- > 0;
}

bool json_cursor_open(struct json_cursor *c, char opening, bool *ret_is_empty)
{
    if (c->depth == 0 || !json_cursor_take(c, opening) || !count_node(c))
        return false;
    *ret_is_empty = json_cursor_take(c, opening == '{' ? '}' : ']');
    if (!*ret_is_empty)
        c->depth--;
    return true;
}

bool json_cursor_next(struct json_cursor *c, char closing, bool *ret_is_last)
{
    *ret_is_last = json_cursor_take(c, closing);
    if (!*ret_is_last)
        return json_cursor_take(c, ',') && count_node(c);
    c->depth++;
    return true;
}

/* The first mark from 'at' on, or 'end'. */
static const char *next_mark(const char *at, const char *end)
{
    for (; (size_t)(end - at) >= WORD_BYTES; at += WORD_BYTES) {
        uint64_t word = word_read(at);
        uint64_t marks = word_below(word, ' ') | word_equal(word, '"') | word_equal(word, '\\') |
                         (word & WORD_HIGHS);
        if (marks)
            return at + word_first(marks);
    }
    while (at < end && !is_mark[(unsigned char)*at])
        at++;
    return at;
}

bool json_cursor_text(struct json_cursor *c, const char **ret, size_t *ret_length)
{
    if (!json_cursor_take(c, '"'))
        return false;
    const char *from = c->at, *at = next_mark(from, c->end);
    bool is_ascii = true;
    for (; at < c->end && (unsigned char)*at >= 0x80; at = next_mark(at + 1, c->end))
        is_ascii = false;
    size_t length = (size_t)(at - from);
    if (at == c->end || *at != '"' || (!is_ascii && !text_is_utf8(from, length)))
        return false;
    c->at = at + 1;
    *ret = from;
    *ret_length = length;
    return true;
}

bool json_cursor_key(struct json_cursor *c, const char **ret, size_t *ret_length)
{
    return json_cursor_text(c, ret, ret_length) && json_cursor_take(c, ':');
}

static int digits(struct json_cursor *c, uint64_t *value, int most)
{
    const char *from = c->at;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9' && c->at - from < most; c->at++)
        *value = *value * 10 + (uint64_t)(*c->at - '0');
    return (int)(c->at - from);
}

static bool ends_number(const struct json_cursor *c)
{
    return c->at == c->end || *c->at == ',' || *c->at == '}' || *c->at == ']' || is_blank(*c->at);
}

/* value / 10^behind, rounded once. */
static double divided(uint64_t value, int behind, int count)
{
    static const double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    return count <= DIGITS_EXACT ? (double)value / powers[behind] : decimal_read(value, behind);
}

bool json_cursor_number(struct json_cursor *c, struct json_plain_number *ret)
{
    bool is_negative = json_cursor_take(c, '-');
    const char *from = c->at;
    uint64_t value = 0;
    int whole = digits(c, &value, DIGITS_EXACT), behind = 0;
    bool is_real = whole > 0 && c->at < c->end && *c->at == '.';
    if (whole == 0 || (whole > 1 && *from == '0'))
        return false;
    if (is_real) {
        c->at++;
        behind = digits(c, &value, DIGITS_MAX - whole);
    }
    /* "-0" is left to the parser proper, as are long numbers and exponents. */
    if ((is_real && behind == 0) || !ends_number(c) || (is_negative && value == 0))
        return false;
    double real = divided(value, behind, whole + behind);
    *ret = (struct json_plain_number){
        .is_real = is_real,
        .integer = is_negative ? -(json_int_t)value : (json_int_t)value,
        .real = is_negative ? -real : real,
    };
    return true;
}

bool json_cursor_word(struct json_cursor *c, enum json_word *ret)
{
    static const struct {
        const char *text;
        size_t length;
    } words[] = {[JSON_WORD_NULL] = {"null", 4},
                 [JSON_WORD_FALSE] = {"false", 5},
                 [JSON_WORD_TRUE] = {"true", 4}};
    json_cursor_peek(c);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if ((size_t)(c->end - c->at) >= words[i].length &&
            memcmp(c->at, words[i].text, words[i].length) == 0) {
            c->at += words[i].length;
            *ret = (enum json_word)i;
            return true;
        }
    return false;
}

bool json_cursor_is_done(struct json_cursor *c)
{
    json_cursor_peek(c);
    return c->at == c->end;
}
