// SPDX-License-Identifier: GPL-3.0-or-later
#include "prove/prove_private.h"

/* Steele, Lea & Flood's finaliser: every bit of the input moves half the bits of the output. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t prove_random(uint64_t seed, uint64_t run, uint64_t index)
{
    return mix(mix(mix(seed) + run) + index);
}
