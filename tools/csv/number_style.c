// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/number_style.h"

#include "tools/csv/currency_sign.h"

#include <string.h>

const char *const number_marks[4] = {".", ",", "blank", "'"};

static const struct {
    const char *from;
    char to;
} spellings[] = {
    {"\xc2\xa0", ' '},      {"\xe2\x80\xaf", ' '}, {"\xe2\x80\x89", ' '},
    {"\xe2\x80\x99", '\''}, {"\xe2\x88\x92", '-'},
};

/* One character of a number; returns its bytes, 0 when it belongs to none. */
static size_t take(const char *s, char *ret)
{
    *ret = *s;
    if (strchr("0123456789.,' +-eE", *s))
        return 1;
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
        if (strncmp(s, spellings[i].from, strlen(spellings[i].from)) == 0) {
            *ret = spellings[i].to;
            return strlen(spellings[i].from);
        }
    return 0;
}

static bool is_sign(char c)
{
    return c == '-' || c == '+';
}

/* In ASCII, without blanks around, and without the one currency before or behind it. *ret_currency
 * is NULL where there is none. */
static bool simplify(const char *text, char out[NUMBER_BYTES], const char **ret_currency)
{
    const char *currency = NULL;
    size_t n = 0, bytes;
    bool is_over = false;
    for (; *text; text += bytes) {
        char c = ' ';
        const char *found;
        bytes = currency_sign(text, &found);
        if (bytes > 0) {
            if (currency)
                return false;
            currency = found;
            is_over = n > 0 && !is_sign(out[n - 1]);
            continue;
        }
        bytes = take(text, &c);
        if (bytes == 0 || n + 2 > NUMBER_BYTES || (is_over && c != ' '))
            return false;
        if (c != ' ' || (n > 0 && !is_sign(out[n - 1])))
            out[n++] = c;
    }
    *ret_currency = currency;
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return n > 0;
}

static size_t digits(const char *s)
{
    return strspn(s, "0123456789");
}

/* 's[0..length)' as threes with one mark between them. */
static bool is_grouped(const char *s, size_t length, char decimal)
{
    size_t at = digits(s);
    char mark = s[at];
    if (at < 1 || at > 3 || *s == '0' || at >= length || mark == decimal || !strchr(".,' ", mark))
        return false;
    for (; at < length; at += 4)
        if (s[at] != mark || digits(s + at + 1) < 3 || at + 4 > length)
            return false;
    return at == length;
}

struct parts {
    bool is_negative;
    const char *whole, *fraction, *exponent;
    size_t whole_length, fraction_length;
    char mark; /* between thousands; '\0': none */
};

static bool split(const char *s, char decimal, struct parts *p)
{
    *p = (struct parts){.is_negative = *s == '-'};
    s += *s == '-' || *s == '+';
    size_t length = strcspn(s, "eE");
    const char *sign = memchr(s, decimal, length);
    p->whole = s;
    p->whole_length = sign ? (size_t)(sign - s) : length;
    p->fraction = sign ? sign + 1 : s + length;
    p->fraction_length = sign ? length - p->whole_length - 1 : 0;
    p->exponent = s + length;
    if (digits(p->fraction) < p->fraction_length || p->whole_length + p->fraction_length == 0)
        return false;
    if (digits(s) >= p->whole_length)
        return true;
    p->mark = s[digits(s)];
    return is_grouped(s, p->whole_length, decimal);
}

bool number_plain(char decimal, const char *text, char ret[NUMBER_BYTES])
{
    char simple[NUMBER_BYTES];
    const char *currency;
    struct parts p;
    size_t n = 0;
    if (!simplify(text, simple, &currency) || !split(simple, decimal, &p))
        return false;
    if (p.is_negative)
        ret[n++] = '-';
    for (size_t i = 0; i < p.whole_length; i++)
        if (digits(p.whole + i) > 0)
            ret[n++] = p.whole[i];
    if (p.fraction_length > 0) {
        ret[n++] = '.';
        memcpy(ret + n, p.fraction, p.fraction_length);
        n += p.fraction_length;
    }
    strcpy(ret + n, p.exponent);
    return true;
}

static void note_mark(struct number_evidence *e, char mark)
{
    const char *at = mark ? strchr(".,'", mark) : NULL;
    if (mark == ' ')
        e->has_mark[2] = true;
    else if (at)
        e->has_mark[*at == '\'' ? 3 : *at == ','] = true;
}

static void note_currency(struct number_evidence *e, const char *currency, uint64_t line)
{
    if (currency && !e->currency) {
        e->currency = currency;
        e->currency_line = line;
    } else if (currency && !e->other_currency && strcmp(currency, e->currency) != 0) {
        e->other_currency = currency;
        e->other_line = line;
    }
}

void number_evidence_add(struct number_evidence *e, const char *text, uint64_t line)
{
    char simple[NUMBER_BYTES];
    const char *currency;
    struct parts by_point, by_comma;
    if (!simplify(text, simple, &currency))
        return;
    bool is_point = split(simple, '.', &by_point), is_comma = split(simple, ',', &by_comma);
    if (is_point || is_comma)
        note_currency(e, currency, line);
    if (is_point != is_comma) {
        e->points += is_point;
        e->commas += is_comma;
        note_mark(e, is_point ? by_point.mark : by_comma.mark);
        return;
    }
    if (!is_point)
        return;
    const char *mark = strpbrk(simple, ".,");
    if (!mark) {
        note_mark(e, by_point.mark);
        return;
    }
    if (e->open_commas + e->open_points == 0) {
        e->open_line = line;
        strcpy(e->open_text, simple);
    }
    e->open_commas += *mark == ',';
    e->open_points += *mark == '.';
}

char number_evidence_decimal(const struct number_evidence *e, char separator)
{
    if (e->commas + e->points > 0)
        return e->commas > e->points ? ',' : '.';
    if (e->open_commas + e->open_points == 0)
        return '.';
    return separator == ',' && e->open_commas == 0 ? '.' : '\0';
}
