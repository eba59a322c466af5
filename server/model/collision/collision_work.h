// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How long a search for collisions may go on. Whoever writes patterns and conditions cannot make it
 * long: when it is spent, what was not compared counts as met, so that a warning is given too often
 * and never too seldom.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct collision_work {
    size_t steps; /* that are left: cells of compared patterns, pairs of compared tests */
};

/* Some milliseconds. */
#define COLLISION_STEPS ((size_t)2000000)

/* Returns false when there are not so many left; then none are. */
static inline bool collision_spend(struct collision_work *work, size_t steps)
{
    bool has_left = work->steps >= steps;
    work->steps = has_left ? work->steps - steps : 0;
    return has_left;
}
