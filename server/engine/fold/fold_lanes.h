// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How many steps of the fold go on side by side: two pure rules, of the worker. Edges that store
 * many events have half of the cores to themselves.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FOLD_LANES_MAX 16

/* The connections there are: as many as 'wanted', or (0) as there are cores; 1..FOLD_LANES_MAX. */
size_t fold_lanes(int wanted, long cores);

/* Of 'lanes' connections those that may begin a step now, at least one: all, or half of them while
 * edges store more than 2,000 events a second. They stored 'events' in 'took_us'; 0: nobody knows
 * yet. */
size_t fold_lanes_now(size_t lanes, uint64_t events, int64_t took_us);
