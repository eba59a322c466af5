// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The JSON that senders write most, as a tree: what json_cursor can walk over. Read at a fifth of
 * the price; anything else, and anything wrong, is left to the parser proper.
 */
#pragma once

#include "base/json/json_cursor.h"

/* Returns a new reference, or NULL when the text is not plain, not right, or over the limits. What
 * it reads, jansson reads the same. */
json_t *json_quick_read(const char *text, size_t length, const struct json_limits *limits);
/* Reads the next value of a walk; returns a new reference, or NULL as json_quick_read does. */
json_t *json_quick_value(struct json_cursor *c);
