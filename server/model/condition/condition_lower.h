// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Lower case as JavaScript's toLowerCase() makes it: Unicode's simple mappings, the one special
 * mapping (İ), and the sigma that ends a word. Independent of any locale.
 */
#pragma once

#include "base/text.h"

/* Appends the lower-case form of valid UTF-8. */
void condition_lower_add(struct buf *b, const char *s, size_t length);

/* Whether the lower-case form of s is 'lower'. Allocates only for text that is not ASCII. */
bool condition_lower_equals(const char *s, size_t length, const char *lower, size_t lower_length);
