// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Addresses as patterns: is there an address that fits two of them, does every address of one fit
 * the other. A pattern is text in which '*' stands for anything and COLLISION_HOST for anything
 * without '/', which is how a pattern that begins at the path speaks of every host. Pure.
 */
#pragma once

#include "model/collision/collision_work.h"

#define COLLISION_HOST '\x01'

/* Whether some text fits both; true when the work is spent. By the reachable pairs of places in
 * both patterns, row by row. */
bool collision_pattern_meets(const char *a, const char *b, struct collision_work *work);

/* Whether all that fits 'part' fits 'whole'; false when the work is spent. Sufficient, not
 * necessary: the signs of 'part' are taken for letters that '*' alone stands for. */
bool collision_pattern_covers(const char *whole, const char *part, struct collision_work *work);
