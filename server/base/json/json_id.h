// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Ids that a sender keeps as whole numbers: what they are called here is their digits. Pure.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>

#define JSON_ID_DIGITS 24

/* Returns the text of an id: of a string its own; of a whole number its digits, written to
 * 'digits'; NULL for anything else. A number with a fraction is none, and none is one beyond 64
 * bits, or beyond 2^53 with a decimal point: it was not kept to its last digit, so two ids could
 * become one.
 */
const char *json_id_text(const json_t *value, char digits[JSON_ID_DIGITS], size_t *ret_length);
