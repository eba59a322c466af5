// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Which events count for a metric: a condition over an event's properties, said as a jsonpath
 * predicate, so that PostgreSQL (14 and later) evaluates it where the events are.
 *
 * It answers as condition_matches does for properties that are strings, numbers, booleans, null or
 * missing, and nested objects of these. An array is never
 * equal to anything, nor smaller or greater. Text counts as a number where it is a
 * decimal of at most 15 digits with an exponent of at most two, blanks around it allowed.
 */
#pragma once

#include "base/err.h"
#include "base/text.h"

#include <jansson.h>

/* Appends the predicate for jsonb_path_match(properties, …::jsonpath); it is true or false, never
 * unknown, and quoted so that no key or text can end its literal. Taken are plain scalars, dotted
 * paths, $eq $ne $in $nin $gt $gte $lt $lte $exists $not $and $or $nor; everything else is
 * ERR_INVALID with its pointer, and the limits of condition_compile hold. 'ret' is untouched on
 * failure. */
enum err filter_to_jsonpath(const json_t *condition, struct buf *ret,
                            struct fault *ret_fault) must_use;
