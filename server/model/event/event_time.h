// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * When something happened, as senders write it. Pure.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What is said of a time that cannot be read. */
#define EVENT_TIME_WANTED                                                                          \
    "must be a time with its offset, for example 2026-01-31T12:00:00Z, or the seconds or "         \
    "milliseconds since 1970"

/* Reads a text as clock_parse_free does, and a number as its digits. False: it is no time. */
bool event_time_read(const json_t *value, int64_t *ret_us);
