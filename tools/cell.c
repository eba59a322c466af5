// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TIME_BYTES 64

static const char *trim(const char *text, size_t *ret_length)
{
    text += strspn(text, " ");
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == ' ')
        n--;
    *ret_length = n;
    return text;
}

static size_t digits(const char *s)
{
    return strspn(s, "0123456789");
}

struct decimal {
    bool is_negative;
    const char *whole, *fraction, *exponent;
    size_t whole_length, fraction_length, exponent_length;
};

static bool split(const char *text, struct decimal *d)
{
    size_t length;
    const char *s = trim(text, &length), *end = s + length;
    *d = (struct decimal){.is_negative = *s == '-'};
    s += *s == '-' || *s == '+';
    d->whole = s;
    d->whole_length = digits(s);
    s += d->whole_length;
    if (*s == '.') {
        d->fraction = ++s;
        d->fraction_length = digits(s);
        s += d->fraction_length;
    }
    if (*s == 'e' || *s == 'E') {
        d->exponent = ++s;
        s += *s == '-' || *s == '+';
        if (digits(s) == 0)
            return false;
        s += digits(s);
        d->exponent_length = (size_t)(s - d->exponent);
    }
    return s == end && d->whole_length + d->fraction_length > 0;
}

bool cell_add_number(struct buf *out, const char *text)
{
    struct decimal d;
    if (!split(text, &d))
        return false;
    while (d.whole_length > 1 && *d.whole == '0') {
        d.whole++;
        d.whole_length--;
    }
    if (d.is_negative)
        buf_add_char(out, '-');
    if (d.whole_length)
        buf_add(out, d.whole, d.whole_length);
    else
        buf_add_char(out, '0');
    if (d.fraction_length) {
        buf_add_char(out, '.');
        buf_add(out, d.fraction, d.fraction_length);
    }
    if (d.exponent_length) {
        buf_add_char(out, 'e');
        buf_add(out, d.exponent, d.exponent_length);
    }
    return true;
}

bool cell_count(const char *text, int64_t most, int64_t *ret)
{
    size_t length;
    const char *s = trim(text, &length);
    if (length == 0 || length > 18 || digits(s) < length)
        return false;
    long long value = strtoll(s, NULL, 10);
    if (value > most)
        return false;
    *ret = value;
    return true;
}

/* Seconds or milliseconds since 1970, with a fraction if need be. */
static bool read_unix(const char *s, size_t length, double unit_us, int64_t *ret_us)
{
    char *end;
    double value = strtod(s, &end);
    if (end != s + length || !(value >= 0) || value * unit_us > 2.5e17)
        return false;
    *ret_us = (int64_t)(value * unit_us);
    return true;
}

/* RFC 3339 as people write it: a blank for the T, no seconds, no zone. */
static bool read_plain(const char *s, size_t length, int64_t *ret_us)
{
    char text[TIME_BYTES + 4];
    memcpy(text, s, length);
    text[length] = '\0';
    if (length > 10 && text[10] == ' ')
        text[10] = 'T';
    if (clock_parse(text, length, ret_us))
        return true;
    if (length == 16) {
        memcpy(text + length, ":00", 3);
        length += 3;
    }
    text[length] = 'Z';
    return length > 10 && clock_parse(text, length + 1, ret_us);
}

static bool read_format(const char *s, size_t length, const char *format, int64_t *ret_us)
{
    struct tm tm = {.tm_mday = 1};
    const char *end = strptime(s, format, &tm);
    if (end != s + length)
        return false;
    long offset_seconds = tm.tm_gmtoff;
    time_t seconds = timegm(&tm);
    *ret_us = (int64_t)(seconds - offset_seconds) * SECOND_US;
    return *ret_us >= 0;
}

bool cell_time(const char *text, const char *format, int64_t *ret_us)
{
    size_t length;
    const char *s = trim(text, &length);
    if (length == 0 || length > TIME_BYTES - 1)
        return false;
    if (!format)
        return read_plain(s, length, ret_us);
    if (strcmp(format, "unix") == 0)
        return read_unix(s, length, 1e6, ret_us);
    if (strcmp(format, "unix_ms") == 0)
        return read_unix(s, length, 1e3, ret_us);
    return read_format(s, length, format, ret_us);
}
