// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/fold/fold_lanes.h"

#include "base/clock.h"

#define BUSY_EVENTS 2000 /* a second */

size_t fold_lanes(int wanted, long cores)
{
    long lanes = wanted > 0 ? wanted : cores;
    return lanes < 1 ? 1 : lanes > FOLD_LANES_MAX ? FOLD_LANES_MAX : (size_t)lanes;
}

size_t fold_lanes_now(size_t lanes, uint64_t events, int64_t took_us)
{
    if (took_us <= 0 || (double)events * SECOND_US <= (double)BUSY_EVENTS * (double)took_us)
        return lanes;
    return lanes < 2 ? lanes : lanes / 2;
}
