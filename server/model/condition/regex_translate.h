// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * From JavaScript's regular expressions (no flags u and v, with the web's legacy syntax of ECMA-262
 * annex B) to PCRE2's: the two share most syntax and differ in what escapes, classes, braces and
 * dots mean. The result names every character that could have two meanings by its number.
 */
#pragma once

#include "base/err.h"
#include "base/text.h"

/* Appends the translation of a valid UTF-8 pattern, for PCRE2_UTF without other syntax flags.
 * ERR_INVALID where JavaScript would throw, or where half a surrogate pair stands. */
enum err regex_translate(const char *pattern, size_t length, struct buf *ret,
                         struct fault *ret_fault) must_use;
