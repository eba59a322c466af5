// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Numbers as decimal text. A results document holds thousands of them, and printf with enough
 * digits for a double works with long integers: three times, when the shortest of 15, 16 and 17
 * digits is looked for. Here 128 bits hold exactly what is compared; printf is asked about what is
 * very large or very small.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define DECIMAL_SIZE  40
#define DECIMAL_SCALE 27

/* Writes the shortest text of 15 to 17 significant digits that strtod reads as 'value', without
 * trailing zeros, shaped as by printf's %g; returns its length. 'value' is finite. */
size_t decimal_write(char out[DECIMAL_SIZE], double value);

/* Does the same for whole numbers. */
size_t decimal_write_int(char out[DECIMAL_SIZE], int64_t value);

/* The double next to digits · 10^-scale, as strtod finds it; 0 <= scale <= DECIMAL_SCALE. */
double decimal_read(uint64_t digits, int scale);
