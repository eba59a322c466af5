// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The bound of numbers in an event's properties. Any of them can be summed one day, by a metric
 * that is defined then; what is bounded when it arrives adds up without spoiling a sum. Pure.
 */
#pragma once

#include "base/err.h"

#include <jansson.h>

/* 1e15: beyond, a double does not hold cents, and sums of squares leave what statistics take. */
#define EVENT_NUMBER_MAX INT64_C(1000000000000000)

/* Puts the number in place of its text where the member has one as event_number_of takes it, or is
 * a whole number written as 7.0; leaves anything else. */
void event_number_settle(json_t *object, const char *name);
/* Returns a new reference to the number that a text says: digits, with a minus before and a decimal
 * point among them or without; at most 18 digits on each side. NULL: it says none. */
json_t *event_number_of(const char *text, size_t length);

/* Goes through all numbers, at any depth. ERR_INVALID with the pointer of the first that is not
 * from -EVENT_NUMBER_MAX to EVENT_NUMBER_MAX; "pointer" is where "properties" stands. A whole
 * number as transaction_id is a name and is left to event_commerce_check. */
enum err event_numbers_check(const json_t *properties, const char *pointer,
                             struct fault *ret_fault) must_use;
