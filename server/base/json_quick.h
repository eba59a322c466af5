// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The JSON that senders write most, as a tree: what json_cursor can walk over. Read at a fifth of
 * the price; anything else, and anything wrong, is left to the parser proper.
 */
#pragma once

#include "base/json_cursor.h"

/* A new reference, or NULL: not plain, not right, or over the limits. What it reads, jansson reads
 * the same. */
json_t *json_quick_read(const char *text, size_t length, const struct json_limits *limits);
/* The next value of a walk. */
json_t *json_quick_value(struct json_cursor *c);
