// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/regex_translate.h"

#include "model/condition/regex_escape.h"

#include <string.h>

/* JavaScript's \s, and what is left without it, as the inside of a class. */
#define BLANKS                                                                                     \
    "\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}"  \
    "\\x{3000}\\x{feff}"
#define NO_BLANKS                                                                                  \
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}"               \
    "\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"                 \
    "\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"
#define ANY             "[\\x{0}-\\x{10ffff}]"
#define NONE            "[^\\x{0}-\\x{10ffff}]"
#define ANY_OF_THE_LINE "[^\\n\\r\\x{2028}\\x{2029}]"

#define LAST_OF_PLANE_0 0xffffu
#define REPEAT_MAX      65535u /* PCRE2's */

struct translator {
    struct regex_cursor in;
    struct buf *out;
    unsigned groups;
    struct buf names;  /* of groups, in order: each followed by a NUL, empty for one without */
    struct buf opened; /* one byte an open group: may it be repeated */
    bool has_names;
    bool can_repeat; /* whether a quantifier may follow here */
    struct fault *fault;
};

static enum err broken(struct translator *t, const char *why)
{
    return fault_set(t->fault, ERR_INVALID, "", "not a valid regular expression: %s", why);
}

static bool is_name(const char *s, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)s[i];
        bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        bool is_digit = c >= '0' && c <= '9';
        if (!is_letter && c != '_' && c != '$' && c < 0x80 && !(is_digit && i > 0))
            return false;
    }
    return length > 0;
}

/* The number of the group with this name, 0 if there is none. */
static unsigned find_name(const struct buf *names, const char *s, size_t length)
{
    unsigned number = 0;
    const char *end = names->data + names->length;
    for (const char *p = names->data; p < end; p += strlen(p) + 1) {
        number++;
        if (strlen(p) == length && memcmp(p, s, length) == 0)
            return number;
    }
    return 0;
}

/* Reads "name>" behind a '<'. */
static enum err read_name(struct translator *t, const char **ret_name, size_t *ret_length)
{
    const char *close = memchr(t->in.at, '>', (size_t)(t->in.end - t->in.at));
    size_t length = close ? (size_t)(close - t->in.at) : 0;
    if (!is_name(t->in.at, length))
        return broken(t, "a group's name is broken");
    *ret_name = t->in.at;
    *ret_length = length;
    t->in.at = close + 1;
    return ERR_OK;
}

/* At the '(' of a group: whether it captures; its name is kept. */
static enum err count_group(struct translator *t)
{
    const char *name = "";
    size_t length = 0;
    bool is_special = regex_cursor_skip(&t->in, '?');
    if (is_special) {
        if (!regex_cursor_skip(&t->in, '<') ||
            (t->in.at < t->in.end && (*t->in.at == '=' || *t->in.at == '!')))
            return ERR_OK;
        enum err e = read_name(t, &name, &length);
        if (e)
            return e;
        if (find_name(&t->names, name, length))
            return broken(t, "two groups have the same name");
        t->has_names = true;
    }
    t->groups++;
    buf_add(&t->names, name, length);
    buf_add_char(&t->names, '\0');
    return ERR_OK;
}

/* Groups may be named before they are met, so they are counted first. */
static enum err count_groups(struct translator *t)
{
    struct regex_cursor start = t->in;
    bool in_class = false;
    enum err e = ERR_OK;
    while (!e && t->in.at < t->in.end) {
        char c = *t->in.at++;
        if (c == '\\' && t->in.at < t->in.end)
            t->in.at++;
        else if (c == '[')
            in_class = true;
        else if (c == ']')
            in_class = false;
        else if (c == '(' && !in_class)
            e = count_group(t);
    }
    t->in = start;
    return e;
}

static enum err put_point(struct translator *t, uint32_t point)
{
    uint32_t lower = point | 0x20;
    if (point >= 0xd800 && point <= 0xdfff)
        return broken(t, "half of a surrogate pair stands alone");
    if ((lower >= 'a' && lower <= 'z') || (point >= '0' && point <= '9'))
        buf_add_char(t->out, (char)point);
    else
        buf_printf(t->out, "\\x{%x}", point);
    return ERR_OK;
}

static void put_set(struct translator *t, uint32_t letter, bool in_class)
{
    if (letter == 's')
        buf_add_str(t->out, in_class ? BLANKS : "[" BLANKS "]");
    else if (letter == 'S')
        buf_add_str(t->out, in_class ? NO_BLANKS : "[" NO_BLANKS "]");
    else
        buf_printf(t->out, "\\%c", (char)letter);
}

static enum err read_class_atom(struct translator *t, struct regex_escape *ret)
{
    if (t->in.at == t->in.end)
        return broken(t, "a class is not closed");
    if (!regex_cursor_skip(&t->in, '\\')) {
        *ret = (struct regex_escape){REGEX_ESCAPE_CHARACTER, regex_cursor_next(&t->in)};
        return ERR_OK;
    }
    *ret = regex_escape_read(&t->in, true, t->groups, t->has_names);
    if (ret->kind != REGEX_ESCAPE_CHARACTER && ret->kind != REGEX_ESCAPE_SET)
        return broken(t, "a class holds a broken escape");
    return ERR_OK;
}

static enum err put_class_atom(struct translator *t, const struct regex_escape *atom)
{
    if (atom->kind == REGEX_ESCAPE_CHARACTER)
        return put_point(t, atom->value);
    put_set(t, atom->value, true);
    return ERR_OK;
}

static enum err put_range(struct translator *t, const struct regex_escape *from,
                          const struct regex_escape *to)
{
    bool is_plain = from->kind == REGEX_ESCAPE_CHARACTER && to->kind == REGEX_ESCAPE_CHARACTER;
    if (is_plain && (from->value > to->value || to->value > LAST_OF_PLANE_0))
        return broken(t, "a range in a class is out of order");
    enum err e = put_class_atom(t, from);
    if (e)
        return e;
    buf_add_str(t->out, is_plain ? "-" : "\\x{2d}");
    /* Both halves of every surrogate pair inside: then all further characters are, too. */
    bool is_over_surrogates = is_plain && from->value < 0xd800 && to->value > 0xdfff;
    e = put_class_atom(t, to);
    if (!e && is_over_surrogates)
        buf_add_str(t->out, "\\x{10000}-\\x{10ffff}");
    return e;
}

static bool is_range_ahead(const struct regex_cursor *c)
{
    return c->end - c->at >= 2 && c->at[0] == '-' && c->at[1] != ']';
}

/* Behind the '['. */
static enum err put_class(struct translator *t)
{
    bool is_negated = regex_cursor_skip(&t->in, '^');
    t->can_repeat = true;
    if (regex_cursor_skip(&t->in, ']')) {
        buf_add_str(t->out, is_negated ? ANY : NONE);
        return ERR_OK;
    }
    buf_add_str(t->out, is_negated ? "[^" : "[");
    while (!regex_cursor_skip(&t->in, ']')) {
        struct regex_escape from, to;
        enum err e = read_class_atom(t, &from);
        if (!e && is_range_ahead(&t->in)) {
            t->in.at++;
            e = read_class_atom(t, &to);
            e = e ? e : put_range(t, &from, &to);
        } else if (!e) {
            e = put_class_atom(t, &from);
        }
        if (e)
            return e;
    }
    buf_add_char(t->out, ']');
    return ERR_OK;
}

static enum err put_name_reference(struct translator *t)
{
    const char *name;
    size_t length;
    if (!regex_cursor_skip(&t->in, '<'))
        return broken(t, "a group's name is missing");
    enum err e = read_name(t, &name, &length);
    if (e)
        return e;
    unsigned number = find_name(&t->names, name, length);
    if (number == 0)
        return broken(t, "there is no group of that name");
    buf_printf(t->out, "\\g{%u}", number);
    return ERR_OK;
}

static enum err put_escape(struct translator *t)
{
    struct regex_escape escape = regex_escape_read(&t->in, false, t->groups, t->has_names);
    t->can_repeat = escape.kind != REGEX_ESCAPE_BOUNDARY;
    switch (escape.kind) {
    case REGEX_ESCAPE_CHARACTER:
        return put_point(t, escape.value);
    case REGEX_ESCAPE_SET:
        put_set(t, escape.value, false);
        return ERR_OK;
    case REGEX_ESCAPE_BOUNDARY:
        buf_printf(t->out, "\\%c", (char)escape.value);
        return ERR_OK;
    case REGEX_ESCAPE_GROUP:
        buf_printf(t->out, "\\g{%u}", escape.value);
        return ERR_OK;
    case REGEX_ESCAPE_NAME:
        return put_name_reference(t);
    case REGEX_ESCAPE_BROKEN:
        break;
    }
    return broken(t, "it ends in a backslash");
}

/* Behind the '('. */
static enum err open_group(struct translator *t)
{
    static const struct {
        const char *text;
        bool can_repeat;
    } kinds[] = {{"?:", true}, {"?=", true}, {"?!", true}, {"?<=", false}, {"?<!", false}};
    t->can_repeat = false;
    buf_add_char(t->out, '(');
    if (t->in.at == t->in.end || *t->in.at != '?') {
        buf_add_char(&t->opened, true);
        return ERR_OK;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t n = strlen(kinds[i].text);
        if ((size_t)(t->in.end - t->in.at) < n || memcmp(t->in.at, kinds[i].text, n) != 0)
            continue;
        t->in.at += n;
        buf_add_str(t->out, kinds[i].text);
        buf_add_char(&t->opened, kinds[i].can_repeat);
        return ERR_OK;
    }
    t->in.at++;
    if (!regex_cursor_skip(&t->in, '<'))
        return broken(t, "a group begins with an unknown mark");
    buf_add_char(&t->opened, true);
    const char *name;
    size_t length;
    return read_name(t, &name, &length);
}

static enum err close_group(struct translator *t)
{
    if (t->opened.length == 0)
        return broken(t, "a group is closed that was not opened");
    t->can_repeat = t->opened.data[--t->opened.length];
    buf_add_char(t->out, ')');
    return ERR_OK;
}

/* Reads "n}", "n,}" or "n,m}" behind a '{'; false where the brace stands for itself. */
static bool read_braces(struct regex_cursor *c, uint32_t *ret_least, uint32_t *ret_most)
{
    struct regex_cursor ahead = *c;
    if (!regex_cursor_number(&ahead, ret_least))
        return false;
    *ret_most = *ret_least;
    if (regex_cursor_skip(&ahead, ',') && !regex_cursor_number(&ahead, ret_most))
        *ret_most = UINT32_MAX;
    if (!regex_cursor_skip(&ahead, '}'))
        return false;
    *c = ahead;
    return true;
}

static enum err put_repeat(struct translator *t, const char *from)
{
    if (!t->can_repeat)
        return broken(t, "there is nothing to repeat");
    regex_cursor_skip(&t->in, '?');
    buf_add(t->out, from, (size_t)(t->in.at - from));
    t->can_repeat = false;
    return ERR_OK;
}

static enum err put_braces(struct translator *t)
{
    const char *from = t->in.at - 1;
    uint32_t least, most;
    if (!read_braces(&t->in, &least, &most)) {
        t->can_repeat = true;
        return put_point(t, '{');
    }
    if (least > most)
        return broken(t, "a repeat's numbers are out of order");
    if (least > REPEAT_MAX || (most > REPEAT_MAX && most != UINT32_MAX))
        return broken(t, "a repeat is larger than 65,535");
    return put_repeat(t, from);
}

static enum err put_anchor(struct translator *t, const char *anchor)
{
    t->can_repeat = false;
    buf_add_str(t->out, anchor);
    return ERR_OK;
}

static enum err put_next(struct translator *t)
{
    const char *from = t->in.at;
    uint32_t point = regex_cursor_next(&t->in);
    switch (point) {
    case '^':
        return put_anchor(t, "^");
    case '$':
        return put_anchor(t, "\\z");
    case '|':
        return put_anchor(t, "|");
    case '(':
        return open_group(t);
    case ')':
        return close_group(t);
    case '[':
        return put_class(t);
    case '\\':
        return put_escape(t);
    case '*':
    case '+':
    case '?':
        return put_repeat(t, from);
    case '{':
        return put_braces(t);
    default:
        break;
    }
    t->can_repeat = true;
    if (point != '.')
        return put_point(t, point);
    buf_add_str(t->out, ANY_OF_THE_LINE);
    return ERR_OK;
}

enum err regex_translate(const char *pattern, size_t length, struct buf *ret,
                         struct fault *ret_fault)
{
    struct translator t = {.in = {pattern, pattern + length}, .out = ret, .fault = ret_fault};
    /* An empty pattern must still give a text. */
    buf_add_str(ret, "");
    buf_add_str(&t.names, "");
    enum err e = count_groups(&t);
    while (!e && t.in.at < t.in.end)
        e = put_next(&t);
    if (!e && t.opened.length > 0)
        e = broken(&t, "a group is not closed");
    buf_done(&t.names);
    buf_done(&t.opened);
    return e;
}
