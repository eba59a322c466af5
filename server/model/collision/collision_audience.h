// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether two audiences have a visitor in common. Only what is plain is told apart: an attribute
 * that must be equal to other values, or in ranges of numbers that do not overlap; what else a
 * condition says counts as met. Values of two kinds may be one attribute's, as in condition.h; of
 * an attribute that may be a list, two $in find different items. What is ruled out by $ne and $nin
 * is taken to be of the kind that is written. Pure.
 */
#pragma once

#include "model/collision/collision_work.h"

#include <jansson.h>

/* 'a' and 'b' are conditions (condition.h), or null: everybody. */
bool collision_audience_meets(const json_t *a, const json_t *b, struct collision_work *work);
