// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Texts of CSV cells as numbers and times.
 */
#pragma once

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* A decimal as people write it ("007", "+1.50", ".5", "2e3", blanks around) appended as a JSON
 * number, digit by digit: exact. False (and nothing appended) when it is none. */
bool cell_add_number(struct buf *out, const char *text);
/* A whole number from 0 to 'most', also as "6.0". */
bool cell_count(const char *text, int64_t most, int64_t *ret);
/* Is the text what is wanted, or the same whole number with a fraction of zeros? */
bool cell_is(const char *text, const char *wanted);
/* Yes: true, yes, y, t, their German words, or a number above 0; no: nothing, false, no, n, f, 0.
 * False: neither. */
bool cell_truth(const char *text, bool *ret);
/* 'format' as in struct mapping_time. Times without a zone are UTC. */
bool cell_time(const char *text, const char *format, int64_t *ret_us);
