// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Rates of currencies by day, as somebody told them: what one unit of a base was worth in each. So
 * that money can be converted, each is set beside what that unit was worth in the environment's own
 * currency: across the base, on the same day. Pure.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Digits a rate has at most before its point, and behind it. */
#define RATE_DIGITS 12

struct rate {
    int32_t day; /* UTC, since 1970 */
    char base[4], currency[4];
    const char *rate;     /* decimal, of one unit of 'base': "1.0853" */
    const char *own_rate; /* the same of the environment's currency; NULL until rates_settle */
    size_t line;          /* where it was told, from 1 */
};

struct rate_list {
    struct arena *arena; /* of texts and rows */
    struct rate *rows;
    size_t count, room;
    size_t unknown_count; /* of currencies that are none, or none any more: left out */
    size_t unused_count;  /* of days and bases that do not tell the own currency: left out */
    int32_t today;        /* rates of later days are refused */
};

/* Is it a decimal number above zero, of RATE_DIGITS at most before and behind the point? */
bool rate_is_number(const char *text);
/* A finite number as rate_is_number reads it, with the 15 digits that a double keeps, and without
 * an exponent. */
const char *rate_number_text(struct arena *arena, double value);
/* Days since 1970 of "2026-11-27" or "27 November 2026". */
bool rate_read_day(const char *text, int32_t *ret_day) must_use;

/* A rate as texts, in the line or place where it was told. */
struct rate_told {
    const char *day, *base, *currency, *rate;
    size_t line;
};

/* Adds one. Currencies that are not in use are counted and left out. ERR_INVALID, with a sentence
 * that says what is wrong of it, but not where. */
enum err rates_add(struct rate_list *list, const struct rate_told *told,
                   struct fault *ret_fault) must_use;

/* All were told: fills in own_rate, and adds the bases themselves. What cannot be set in relation
 * to 'own' is counted and left out, and so is 'own'. Then rows are by currency and day. ERR_INVALID
 * when a currency has two rates on a day, or nothing is left. */
enum err rates_settle(struct rate_list *list, const char *own, struct fault *ret_fault) must_use;
