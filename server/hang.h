// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether a child hangs. Each child's loop writes a beat into the page that all share; the
 * supervisor looks at it now and then. Silence counts as far as the supervisor itself was awake: a
 * machine that slept, or a container that was frozen, has nobody replaced. Runs in the supervisor.
 * Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* So often a child beats, and is looked at. */
#define HANG_BEAT_US INT64_C(500000)

struct hang {
    uint64_t beat;     /* the last that was seen; 0: none yet */
    int64_t silent_us; /* how long it has been the same */
    int64_t looked_us; /* when that was; 0: never */
};

/* Takes the child's beat at 'now_us', in microseconds of the monotonic clock. Returns whether it
 * has been silent for limit_us. One that has never beaten still starts, for as long as it takes: it
 * may wait for a database. limit_us 0: never. Every look adds what passed since the one before, but
 * no more than two beats. */
bool hang_look(struct hang *h, uint64_t beat, int64_t now_us, int64_t limit_us);
