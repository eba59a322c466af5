// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who belongs to an audience: JSON conditions in the Mongo style, compiled once and asked often.
 * The same condition is evaluated by SDKs in browsers, so every corner answers as JavaScript does.
 *
 * {"country": "DE", "age": {"$gte": 18}, "$or": [{…}, {…}]}: all fields must match; a dotted path
 * steps into objects and arrays; a missing value is null. A plain string, number, boolean or null
 * compares loosely (`value + ""`, `value * 1`, `!!value`), arrays and objects as JSON text, and an
 * object of $operators applies each of them. One step beyond JavaScript: $lt, $lte, $gt and $gte of
 * two texts that are both days or times (clock_parse) compare the moments, whatever their offsets.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "model/condition/condition_names.h"
#include "model/condition/condition_texts.h"

#include <jansson.h>
#include <stdbool.h>

#define CONDITION_DEPTH 16
#define CONDITION_NODES 1000

/* What happens to an unknown operator, a bad pattern, an operand of the wrong type. */
enum condition_mode {
    CONDITION_LENIENT, /* as in the SDKs: that test is false */
    CONDITION_STRICT,  /* refused with its pointer, for conditions that a person writes now */
};

struct condition;

/* Compiles an object. The result lives in the arena and keeps nothing of 'document'. NULL with
 * *ret_fault set: ERR_INVALID, or ERR_TOO_LARGE over CONDITION_DEPTH levels, CONDITION_NODES values
 * or REGEX_PATTERN_BYTES. */
const struct condition *condition_compile(struct arena *a, const json_t *document,
                                          enum condition_mode mode, struct fault *ret_fault);
/* The same for one of many conditions that are asked about the same attributes: these get their
 * slots in 'names', which lives in the same arena. */
const struct condition *condition_compile_among(struct condition_names *names,
                                                const json_t *document, enum condition_mode mode,
                                                struct fault *ret_fault);

/* 'attributes' is what is known of the unit; 'saved_groups' (may be NULL) maps the names used by
 * $inGroup to arrays. Pure; allocates only to turn arrays or non-ASCII text into other text, and
 * for very many attributes. */
bool condition_matches(const struct condition *condition, const json_t *attributes,
                       const json_t *saved_groups);
/* Matches without groups; 'attributes' are found by their slots. 'texts' is kept from one condition
 * to the next that is asked about the same attributes. */
bool condition_matches_slots(const struct condition *condition,
                             const struct condition_value *attributes,
                             struct condition_texts *texts);
