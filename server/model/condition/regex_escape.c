// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/regex_escape.h"

#include <string.h>

#define NUMBER_CAP 1000000u

uint32_t regex_cursor_next(struct regex_cursor *c)
{
    unsigned char lead = (unsigned char)*c->at++;
    if (lead < 0xc0)
        return lead;
    unsigned more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    uint32_t point = lead & (0x3fu >> more);
    for (; more > 0 && c->at < c->end; more--)
        point = point << 6 | ((unsigned char)*c->at++ & 0x3f);
    return point;
}

bool regex_cursor_skip(struct regex_cursor *c, char byte)
{
    if (c->at == c->end || *c->at != byte)
        return false;
    c->at++;
    return true;
}

static bool is_digit_at(const struct regex_cursor *c, char highest)
{
    return c->at < c->end && *c->at >= '0' && *c->at <= highest;
}

bool regex_cursor_number(struct regex_cursor *c, uint32_t *ret)
{
    if (!is_digit_at(c, '9'))
        return false;
    uint32_t value = 0;
    for (; is_digit_at(c, '9'); c->at++) {
        value = value * 10 + (uint32_t)(*c->at - '0');
        if (value > NUMBER_CAP)
            value = NUMBER_CAP;
    }
    *ret = value;
    return true;
}

static bool read_hex(struct regex_cursor *c, int digits, uint32_t *ret)
{
    uint32_t value = 0;
    if (c->end - c->at < digits)
        return false;
    for (int i = 0; i < digits; i++) {
        static const char hex[] = "0123456789abcdef";
        char lower = (char)(c->at[i] >= 'A' && c->at[i] <= 'F' ? c->at[i] + 32 : c->at[i]);
        const char *found = lower ? strchr(hex, lower) : NULL;
        if (!found)
            return false;
        value = value << 4 | (uint32_t)(found - hex);
    }
    c->at += digits;
    *ret = value;
    return true;
}

/* \uD83D\uDE00 is one character for PCRE2. */
static uint32_t join_surrogates(struct regex_cursor *c, uint32_t high)
{
    struct regex_cursor ahead = *c;
    uint32_t low;
    bool is_high = high >= 0xd800 && high < 0xdc00;
    if (!is_high || !regex_cursor_skip(&ahead, '\\') || !regex_cursor_skip(&ahead, 'u') ||
        !read_hex(&ahead, 4, &low) || low < 0xdc00 || low > 0xdfff)
        return high;
    *c = ahead;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static struct regex_escape character(uint32_t value)
{
    return (struct regex_escape){REGEX_ESCAPE_CHARACTER, value};
}

static struct regex_escape read_control(struct regex_cursor *c, bool in_class)
{
    char next = c->at < c->end ? *c->at : '\0';
    char lower = (char)(next | 0x20);
    bool is_letter = lower >= 'a' && lower <= 'z';
    bool is_class_control = in_class && (next == '_' || (next >= '0' && next <= '9'));
    if (!is_letter && !is_class_control) {
        /* A control escape that is none: the backslash counts, the 'c' follows as itself. */
        c->at--;
        return character('\\');
    }
    c->at++;
    return character((uint32_t)next % 32);
}

/* Behind the first digit: up to 0377. */
static struct regex_escape read_octal(struct regex_cursor *c, uint32_t value)
{
    for (int digits = 1; digits < 3 && is_digit_at(c, '7'); digits++) {
        uint32_t longer = value * 8 + (uint32_t)(*c->at - '0');
        if (longer > 0377)
            break;
        value = longer;
        c->at++;
    }
    return character(value);
}

static struct regex_escape read_digits(struct regex_cursor *c, bool in_class, unsigned groups)
{
    uint32_t group;
    struct regex_cursor ahead = *c;
    ahead.at--;
    bool is_zero = *ahead.at == '0';
    if (!is_zero && !in_class && regex_cursor_number(&ahead, &group) && group <= groups) {
        *c = ahead;
        return (struct regex_escape){REGEX_ESCAPE_GROUP, group};
    }
    char digit = c->at[-1];
    return digit > '7' ? character((uint32_t)digit) : read_octal(c, (uint32_t)(digit - '0'));
}

struct regex_escape regex_escape_read(struct regex_cursor *c, bool in_class, unsigned groups,
                                      bool has_names)
{
    if (c->at == c->end)
        return (struct regex_escape){REGEX_ESCAPE_BROKEN, 0};
    uint32_t letter = regex_cursor_next(c);
    uint32_t value;
    if (letter >= '0' && letter <= '9')
        return read_digits(c, in_class, groups);
    if (letter < 0x80 && strchr("dDsSwW", (int)letter) && letter)
        return (struct regex_escape){REGEX_ESCAPE_SET, letter};
    switch (letter) {
    case 'b':
    case 'B':
        if (!in_class)
            return (struct regex_escape){REGEX_ESCAPE_BOUNDARY, letter};
        return character(letter == 'b' ? '\b' : 'B');
    case 'k':
        return has_names ? (struct regex_escape){REGEX_ESCAPE_NAME, 0} : character('k');
    case 't':
        return character('\t');
    case 'n':
        return character('\n');
    case 'v':
        return character('\v');
    case 'f':
        return character('\f');
    case 'r':
        return character('\r');
    case 'c':
        return read_control(c, in_class);
    case 'x':
        return character(read_hex(c, 2, &value) ? value : 'x');
    case 'u':
        return character(read_hex(c, 4, &value) ? join_surrogates(c, value) : 'u');
    default:
        return character(letter);
    }
}
