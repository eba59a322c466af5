// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Time. Deadlines use the monotonic clock, everything stored or shown uses UTC microseconds since
 * 1970.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECOND_US INT64_C(1000000)
#define DAY_US    (INT64_C(86400) * SECOND_US)
/* 2000-01-01, where PostgreSQL's binary timestamps and dates begin */
#define PG_EPOCH_US INT64_C(946684800000000)

int64_t clock_wall_us(void);
int64_t clock_mono_us(void);

/* RFC 3339: "2026-01-31T12:00:00[.123456](Z|+01:00)", years 1970-9999; a lone date is midnight UTC.
 * False when it is not one, or not a real day. */
bool clock_parse(const char *s, size_t length, int64_t *ret_us);
/* The same, written as senders do: an offset of "+0100", "+01", "UTC" or "GMT" too, a space before
 * it, no seconds, a comma before the fraction; or the time since 1970 as nine digits or more, with
 * or without a fraction: up to 11 of them are seconds, up to 14 milliseconds, up to 17
 * microseconds, else nanoseconds. A time of day without an offset is none: nobody knows whose hours
 * these are. */
bool clock_parse_free(const char *s, size_t length, int64_t *ret_us);

#define CLOCK_TEXT_SIZE 32
/* "2026-01-31T12:00:00.123456Z" (fraction left out when zero) */
void clock_format(int64_t wall_us, char out[CLOCK_TEXT_SIZE]);
/* Returns the days since 1970-01-01, rounded down. */
int32_t clock_day(int64_t wall_us);
