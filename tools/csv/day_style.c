// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/day_style.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct day {
    long first, second, year;
    char mark;
    bool is_short;    /* its year has two digits */
    const char *rest; /* a time of day, or "" */
};

/* A number of at most 'most' digits; NULL: there is none. */
static const char *take(const char *s, size_t most, long *ret)
{
    size_t n = strspn(s, "0123456789");
    *ret = strtol(s, NULL, 10);
    return n >= 1 && n <= most ? s + n : NULL;
}

static bool split(const char *text, struct day *d)
{
    const char *s = take(text + strspn(text, " "), 2, &d->first);
    d->mark = s ? *s : '\0';
    if (!d->mark || !strchr("./-", d->mark))
        return false;
    s = take(s + 1, 2, &d->second);
    size_t year_digits = s && *s == d->mark ? strspn(s + 1, "0123456789") : 0;
    if (year_digits != 4 && year_digits != 2)
        return false;
    s = take(s + 1, 4, &d->year);
    d->is_short = year_digits == 2;
    d->year += d->is_short ? 2000 : 0;
    if (!s || (*s && *s != ' ' && *s != 'T' && *s != ','))
        return false;
    d->rest = s + strspn(s, ", T");
    return true;
}

/* "1:05 PM" and "9:30" get two digits for their hour. False when it is no hour. */
static bool add_time(const char *rest, char *out, size_t size)
{
    long hour;
    const char *s = take(rest, 2, &hour);
    if (!s || *s != ':')
        return false;
    size_t length = strcspn(s, "aApP");
    const char *half = s + length;
    bool is_twelve = strncasecmp(half, "am", 2) == 0 || strncasecmp(half, "pm", 2) == 0;
    if (is_twelve && (hour < 1 || hour > 12 || half[2 + strspn(half + 2, " ")]))
        return false;
    if (is_twelve)
        hour = hour % 12 + ((*half | 32) == 'p' ? 12 : 0);
    else
        length = strlen(s);
    while (length > 0 && s[length - 1] == ' ')
        length--;
    return snprintf(out, size, " %02ld%.*s", hour, (int)length, s) < (int)size;
}

bool day_plain(bool is_month_first, const char *text, char ret[DAY_BYTES])
{
    struct day d;
    if (!split(text, &d))
        return false;
    bool is_swapped = is_month_first && d.mark != '.';
    long day = is_swapped ? d.second : d.first, month = is_swapped ? d.first : d.second;
    int n = snprintf(ret, DAY_BYTES, "%04ld-%02ld-%02ld", d.year, month, day);
    return !*d.rest || add_time(d.rest, ret + n, DAY_BYTES - (size_t)n);
}

void day_evidence_add(struct day_evidence *e, const char *text, uint64_t line)
{
    struct day d;
    if (!split(text, &d))
        return;
    if (d.is_short && e->short_years++ == 0)
        snprintf(e->short_text, sizeof(e->short_text), "%.60s", text);
    if (d.is_short && d.mark == '-' && e->short_dashes++ == 0)
        e->short_line = line;
    if (d.mark == '.')
        e->points++;
    else if (d.first > 12)
        e->day_first++;
    else if (d.second > 12)
        e->month_first++;
    else if (e->open++ == 0) {
        e->open_line = line;
        snprintf(e->open_text, sizeof(e->open_text), "%.60s", text);
    }
}

bool day_evidence_is_open(const struct day_evidence *e)
{
    return e->short_dashes > 0 || (e->open > 0 && e->day_first + e->month_first == 0);
}

bool day_evidence_is_month_first(const struct day_evidence *e)
{
    return e->month_first > e->day_first;
}
