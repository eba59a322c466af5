// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/cell.h"

#include "base/clock.h"
#include "tools/csv/day_style.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
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
    struct decimal d;
    if (!split(text, &d) || d.whole_length > 15)
        return false;
    double value = strtod(d.whole_length ? d.whole : "x", NULL);
    if (!d.whole_length || value != floor(value) || value > (double)most || value > 1e15 ||
        (d.is_negative && value > 0))
        return false;
    *ret = (int64_t)value;
    return true;
}

/* The digits before a fraction of zeros: 0 where the text is no whole number. Three zeros behind a
 * comma may be thousands. */
static size_t whole_length(const char *text)
{
    size_t n = digits(text), zeros = text[n] ? strspn(text + n + 1, "0") : 0;
    bool is_fraction = zeros > 0 && (text[n] == '.' || (text[n] == ',' && zeros != 3));
    return text[n] == '\0' || (is_fraction && text[n + 1 + zeros] == '\0') ? n : 0;
}

bool cell_is(const char *text, const char *wanted)
{
    size_t n = whole_length(text);
    return strcmp(text, wanted) == 0 ||
           (n > 0 && n == whole_length(wanted) && memcmp(text, wanted, n) == 0);
}

static bool is_word(const char *const *words, const char *text, size_t length)
{
    for (; *words; words++)
        if (strlen(*words) == length && strncasecmp(text, *words, length) == 0)
            return true;
    return false;
}

bool cell_truth(const char *text, bool *ret)
{
    static const char *const yes[] = {"true", "yes", "y", "t", "ja", "j", "wahr", NULL};
    static const char *const no[] = {"", "false", "no", "n", "f", "nein", "falsch", NULL};
    size_t length;
    const char *s = trim(text, &length);
    struct decimal d;
    bool is_number = split(text, &d);
    *ret = is_number ? strtod(s, NULL) > 0 : is_word(yes, s, length);
    return *ret || is_number || is_word(no, s, length);
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

#define EXCEL_1970 25569 /* days from its 1899-12-30 */

/* A bare number: days as spreadsheets count them, else what has passed since 1970 in the unit that
 * makes it a time from 1973 to 5138. */
static bool read_bare(const char *s, size_t length, int64_t *ret_us)
{
    double value = strtod(s, NULL);
    if (value >= EXCEL_1970 && value < 1e5) {
        *ret_us = llround((value - EXCEL_1970) * 86400e3) * 1000;
        return true;
    }
    if (value < 1e8)
        return false;
    return read_unix(s, length, value < 1e11 ? 1e6 : value < 1e14 ? 1e3 : 1, ret_us);
}

/* The length of the text before its zone, which becomes "Z" or "+01:00". */
static size_t take_zone(const char *s, size_t length, char zone[8])
{
    strcpy(zone, "Z");
    if (s[length - 1] == 'Z')
        return length - 1;
    if (length > 4 && (strcmp(s + length - 4, " UTC") == 0 || strcmp(s + length - 4, " GMT") == 0))
        return length - 4;
    size_t at = length > 11 ? 11 + strcspn(s + 11, "+-") : length;
    size_t left = length - at;
    bool has_colon = left == 6 && s[at + 3] == ':';
    if (!has_colon && left != 3 && left != 5)
        return length;
    snprintf(zone, 8, "%.3s:%.2s", s + at, left == 3 ? "00" : s + at + 3 + has_colon);
    return at - (s[at - 1] == ' ');
}

/* RFC 3339 as people and databases write it: a blank for the T, no seconds, no zone, a zone as
 * " UTC", "+00" or "+0000". */
static bool read_plain(const char *s, size_t length, int64_t *ret_us)
{
    char text[TIME_BYTES + 16], zone[8];
    memcpy(text, s, length);
    text[length] = '\0';
    size_t whole = digits(text);
    if (text[whole] == ',' && whole + 1 + digits(text + whole + 1) == length)
        text[whole] = '.';
    if (digits(text) + (strchr(text, '.') ? 1 + digits(strchr(text, '.') + 1) : 0) == length)
        return read_bare(text, length, ret_us);
    if (length > 10 && text[10] == ' ')
        text[10] = 'T';
    if (length <= 10)
        return clock_parse(text, length, ret_us);
    length = take_zone(text, length, zone);
    if (length == 16) {
        memcpy(text + length, ":00", 3);
        length += 3;
    }
    snprintf(text + length, sizeof(text) - length, "%s", zone);
    return length > 10 && clock_parse(text, strlen(text), ret_us);
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

static bool read_day(const char *text, bool is_month_first, int64_t *ret_us)
{
    char plain[DAY_BYTES];
    return day_plain(is_month_first, text, plain) && read_plain(plain, strlen(plain), ret_us);
}

bool cell_time(const char *text, const char *format, int64_t *ret_us)
{
    size_t length;
    const char *s = trim(text, &length);
    if (length == 0 || length > TIME_BYTES - 1)
        return false;
    if (!format)
        return read_plain(s, length, ret_us) || read_day(text, false, ret_us);
    if (strcmp(format, "dmy") == 0 || strcmp(format, "mdy") == 0)
        return read_plain(s, length, ret_us) || read_day(text, *format == 'm', ret_us);
    if (strcmp(format, "unix") == 0)
        return read_unix(s, length, 1e6, ret_us);
    if (strcmp(format, "unix_ms") == 0)
        return read_unix(s, length, 1e3, ret_us);
    return read_format(s, length, format, ret_us);
}
