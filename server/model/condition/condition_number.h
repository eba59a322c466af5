// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Numbers from text and to text by JavaScript's rules (ECMA-262 StringToNumber and
 * Number::toString).
 */
#pragma once

#include <stddef.h>

#define CONDITION_NUMBER_SIZE 64

/* "" and blanks are 0; "0x1F", "0o17", "0b11" and "Infinity" count; NaN for anything else that is
 * not a decimal literal. 's' ends in a NUL. */
double condition_number_read(const char *s, size_t length);

/* Shortest decimal that reads back as the same double, exponents from 1e21 and below 1e-6. */
void condition_number_format(double value, char out[CONDITION_NUMBER_SIZE]);
