// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether two lists of page triggers (trigger.h) can both be right on one page. Pure. What a
 * regular expression finds is known of whole addresses alone: beside another pattern it counts as
 * met.
 */
#pragma once

#include "model/collision/collision_work.h"

#include <jansson.h>

/* 'a' and 'b' are the "triggers" of two campaigns, or null: everywhere. Pairs of wanted pages meet
 * unless one that is excluded by either takes in one of the two whole. */
bool collision_page_meets(const json_t *a, const json_t *b, struct collision_work *work);
