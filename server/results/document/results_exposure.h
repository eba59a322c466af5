// SPDX-License-Identifier: GPL-3.0-or-later
/* Who met a variant first on which day. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct results_exposed_arm {
    const char *key;
    uint64_t units;
};

/* A day on which anybody met a variant first. */
struct results_exposed_day {
    const char *day;
    const struct results_exposed_arm *arms;
    size_t arm_count;
};
