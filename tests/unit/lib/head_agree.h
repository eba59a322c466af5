// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The two readers of a head held against each other, for whatever bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Reads bytes[0, length) as a head. Where it is right and llhttp was not asked, llhttp is asked
 * now: ends the program unless it finds the same fields. Returns whether that was so. */
bool head_agrees(const char *bytes, size_t length);
