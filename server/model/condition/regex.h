// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Regular expressions that answer as JavaScript's `new RegExp(pattern).test(text)`: the pattern is
 * translated (regex_translate.h) and run by PCRE2 under limits, so that no pattern can hold a
 * server up. Everything lives in the arena; there is no just-in-time code, whose pages an arena
 * cannot own.
 *
 * Known differences: '.', classes and repeats take a character past U+FFFF whole, where JavaScript
 * sees two units, and half a pair is refused; a lookbehind must have a fixed length in each of its
 * branches; a group inside a repeated group keeps its text from one round to the next; without
 * case, "ſ" also matches "s" and the Kelvin sign "k".
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

#define REGEX_PATTERN_BYTES 1000

struct regex;

/* Returns the compiled pattern, which lives as long as the arena. NULL with *ret_fault set (pointer
 * ""): ERR_TOO_LARGE over REGEX_PATTERN_BYTES, ERR_INVALID where JavaScript would throw or PCRE2
 * cannot follow. */
const struct regex *regex_compile(struct arena *a, const char *pattern, size_t length,
                                  bool is_insensitive, struct fault *ret_fault);

/* 1 when the pattern is found in the valid UTF-8 text, 0 when not, -1 when the search was given up
 * at its limits. */
int regex_search(const struct regex *regex, const char *text, size_t length);
