// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The JSON that senders write most: objects, arrays, plain ASCII strings, short numbers. Read at a
 * fifth of the price; anything else, and anything wrong, is left to the parser proper.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>

/* A new reference, or NULL: not simple, or not right. What it reads, jansson reads the same. */
json_t *json_quick_read(const char *text, size_t length);
