// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t clock_wall_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_mono_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* Fixed-width digits: sscanf would take signs and blanks. */
static bool digits(const char **s, const char *end, int count, int *ret)
{
    if (end - *s < count)
        return false;
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = (*s)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *s += count;
    *ret = value;
    return true;
}

static bool literal(const char **s, const char *end, char c)
{
    if (*s == end || **s != c)
        return false;
    (*s)++;
    return true;
}

static bool parse_date(const char **s, const char *end, struct tm *t)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!digits(s, end, 4, &year) || !literal(s, end, '-') || !digits(s, end, 2, &month) ||
        !literal(s, end, '-') || !digits(s, end, 2, &day))
        return false;
    if (year < 1970 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > month_days[month - 1] + (month == 2 && leap))
        return false;
    t->tm_year = year - 1900;
    t->tm_mon = month - 1;
    t->tm_mday = day;
    return true;
}

static bool parse_fraction(const char **s, const char *end, int64_t *ret_us)
{
    int64_t us = 0, unit = 100000;
    const char *from = *s;
    for (; *s < end && **s >= '0' && **s <= '9'; (*s)++, unit /= 10)
        us += unit * (**s - '0');
    *ret_us = us;
    return *s > from;
}

/* How freely a time may be written. */
enum freedom { FREEDOM_NONE, FREEDOM_OF_SENDERS };

static bool parse_zone_name(const char **s, const char *end)
{
    static const char *const names[] = {"UTC", "GMT"};
    for (size_t i = 0; i < 2; i++)
        if (end - *s == 3 && memcmp(*s, names[i], 3) == 0) {
            *s = end;
            return true;
        }
    return false;
}

static bool parse_zone(const char **s, const char *end, enum freedom freedom, int *ret_minutes)
{
    *ret_minutes = 0;
    if (freedom == FREEDOM_OF_SENDERS)
        (void)literal(s, end, ' ');
    if (literal(s, end, 'Z') || literal(s, end, 'z') ||
        (freedom == FREEDOM_OF_SENDERS && parse_zone_name(s, end)))
        return true;
    int sign = literal(s, end, '+') ? 1 : literal(s, end, '-') ? -1 : 0;
    int hours, minutes = 0;
    if (sign == 0 || !digits(s, end, 2, &hours))
        return false;
    bool has_colon = literal(s, end, ':');
    bool has_minutes = has_colon || freedom == FREEDOM_NONE || *s < end;
    if (has_minutes && ((!has_colon && freedom == FREEDOM_NONE) || !digits(s, end, 2, &minutes)))
        return false;
    *ret_minutes = sign * (hours * 60 + minutes);
    return hours <= 23 && minutes <= 59;
}

static bool parse_time(const char **s, const char *end, enum freedom freedom, struct tm *t,
                       int64_t *ret_fraction_us)
{
    bool is_free = freedom == FREEDOM_OF_SENDERS;
    if (!digits(s, end, 2, &t->tm_hour) || !literal(s, end, ':') || !digits(s, end, 2, &t->tm_min))
        return false;
    bool has_seconds = literal(s, end, ':');
    if (has_seconds ? !digits(s, end, 2, &t->tm_sec) : !is_free)
        return false;
    bool has_fraction = has_seconds && (literal(s, end, '.') || (is_free && literal(s, end, ',')));
    if (has_fraction && !parse_fraction(s, end, ret_fraction_us))
        return false;
    return t->tm_hour <= 23 && t->tm_min <= 59 && t->tm_sec <= 59;
}

static bool parse(const char *s, size_t length, enum freedom freedom, int64_t *ret_us)
{
    const char *end = s + length;
    struct tm t = {0};
    int64_t fraction_us = 0;
    int zone_minutes = 0;
    if (!parse_date(&s, end, &t))
        return false;
    if (s != end) {
        if (!literal(&s, end, 'T') && !literal(&s, end, 't') && !literal(&s, end, ' '))
            return false;
        if (!parse_time(&s, end, freedom, &t, &fraction_us) ||
            !parse_zone(&s, end, freedom, &zone_minutes) || s != end)
            return false;
    }
    int64_t us = (int64_t)timegm(&t) * SECOND_US + fraction_us - zone_minutes * 60 * SECOND_US;
    if (us < 0)
        return false;
    *ret_us = us;
    return true;
}

bool clock_parse(const char *s, size_t length, int64_t *ret_us)
{
    return parse(s, length, FREEDOM_NONE, ret_us);
}

/* What an epoch counts in: no time of ours has the digits of two of them. */
static int64_t epoch_unit_ns(uint64_t whole)
{
    static const uint64_t most[] = {UINT64_C(100000000000), UINT64_C(100000000000000),
                                    UINT64_C(100000000000000000)};
    int64_t unit_ns = 1000 * SECOND_US;
    for (size_t i = 0; i < 3 && whole >= most[i]; i++)
        unit_ns /= 1000;
    return unit_ns;
}

bool clock_parse_free(const char *s, size_t length, int64_t *ret_us)
{
    const char *at = s, *end = s + length;
    uint64_t whole = 0;
    for (; at < end && *at >= '0' && *at <= '9' && at - s < 19; at++)
        whole = whole * 10 + (uint64_t)(*at - '0');
    if (at - s < 9)
        return parse(s, length, FREEDOM_OF_SENDERS, ret_us);
    int64_t unit_ns = epoch_unit_ns(whole), part_us = 0;
    if (at < end && (!literal(&at, end, '.') || !parse_fraction(&at, end, &part_us) || at != end))
        return false;
    /* Nanoseconds may be lost, microseconds not. */
    int64_t whole_us =
        unit_ns >= 1000 ? (int64_t)whole * (unit_ns / 1000) : (int64_t)(whole / 1000);
    *ret_us = whole_us + part_us * (unit_ns / 1000) / SECOND_US;
    return true;
}

void clock_format(int64_t wall_us, char out[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(wall_us / SECOND_US);
    struct tm t;
    gmtime_r(&seconds, &t);
    size_t n = strftime(out, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &t);
    int fraction = (int)(wall_us % SECOND_US);
    if (fraction)
        snprintf(out + n, CLOCK_TEXT_SIZE - n, ".%06dZ", fraction);
    else
        snprintf(out + n, CLOCK_TEXT_SIZE - n, "Z");
}

int32_t clock_day(int64_t wall_us)
{
    int64_t day = wall_us / DAY_US;
    return (int32_t)(wall_us % DAY_US < 0 ? day - 1 : day);
}
