// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether two audiences have a visitor in common. Only what is plain is told apart: an attribute
 * that must be equal to other values, or in ranges of numbers that do not overlap; what else a
 * condition says counts as met. Conditions compare loosely: values of different kinds ("1" and 1)
 * may be the same, and two $in meet in a visitor with a list, unless the attribute never is one
 * (those a page tells of itself). Pure.
 */
#pragma once

#include "model/collision/collision_work.h"

#include <jansson.h>

/* 'a' and 'b' are conditions (condition.h), or null: everybody. */
bool collision_audience_meets(const json_t *a, const json_t *b, struct collision_work *work);
