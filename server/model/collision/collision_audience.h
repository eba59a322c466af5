// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether two audiences have a visitor in common. Only what is plain is told apart: an attribute
 * that must be equal to other values, or in ranges of numbers that do not overlap; what else a
 * condition says counts as met. An attribute is taken to have one value, not a list. Pure.
 */
#pragma once

#include "model/collision/collision_work.h"

#include <jansson.h>

/* 'a' and 'b' are conditions (condition.h), or null: everybody. */
bool collision_audience_meets(const json_t *a, const json_t *b, struct collision_work *work);
